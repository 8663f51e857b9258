import { randomUUID } from 'node:crypto';
import {
  ResourceName,
  RolloutCommandAccepted,
  RolloutCommandRequest,
  type VersionState,
} from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { PlanStore, PoolRow, RegistryStore, RolloutStore } from '@verdict/storage';
import { z } from 'zod';
import { keyOf } from '../models/model-directory.ts';
import { findPool } from '../pools/find-pool.ts';

/** Why versions in other states cannot be rolled back to. */
const whyNot: Partial<Record<VersionState, string>> = {
  candidate: 'it is still being judged',
  refused: 'it was refused when it was judged',
  retired: 'it is not kept any more',
};

/** `POST /pools/{name}/rollout/commands`: somebody pauses, resumes, promotes, aborts or rolls back. */
export function commandRoute(parts: {
  plans: PlanStore;
  registry: RegistryStore;
  rollouts: RolloutStore;
}): Route {
  return defineRoute({
    method: 'post',
    path: '/pools/{name}/rollout/commands',
    tag: 'pools',
    summary: 'Pause, resume, promote or abort a rollout, or roll back to a kept version',
    description:
      'Answered when it is noted; whoever runs rollouts obeys within seconds, or says in the events of the pool why not (`CommandRefused`, with the id of the answer). A rollback puts the version on every partition at once; version 0 is the built-in one.',
    roles: ['admin'],
    ratePerMinute: 60,
    params: z.strictObject({ name: ResourceName }),
    query: z.strictObject({ namespace: ResourceName.default('default') }),
    body: RolloutCommandRequest,
    response: RolloutCommandAccepted,
    status: 202,
    problems: {
      404: 'There is no such pool.',
      409: 'The version of a rollback does not exist, or cannot serve.',
      429: 'Ten commands wait already; see Retry-After.',
    },
    handler: async ({ params, query, body }) => {
      const pool = await findPool(parts.plans, query.namespace, params.name);
      if (body.kind === 'rollback') await assertCanServe(parts.registry, pool, body.version);
      const id = randomUUID();
      await parts.rollouts.command(keyOf(pool), id, body);
      return { id };
    },
  });
}

async function assertCanServe(registry: RegistryStore, pool: PoolRow, version: number): Promise<void> {
  if (version === 0) return;
  const versions = await registry.versions(pool.namespace, pool.spec.model);
  const state = versions.find((row) => row.version === version)?.state;
  if (state === 'accepted' || state === 'aborted') return;
  const detail =
    state === undefined
      ? `Model ${pool.spec.model} has no version ${version}.`
      : `Version ${version} of ${pool.spec.model} cannot serve: ${whyNot[state]}.`;
  throw new HttpProblem(409, { detail, errors: [{ field: 'version', message: detail }] });
}
