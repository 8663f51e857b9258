import { Plan, PlanUpdate, ResourceName } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import type { PlanStore, PoolRow, RegistryStore } from '@verdict/storage';
import { z } from 'zod';
import type { DetectorClient } from '../detectors/detector-client.ts';
import { keyOf } from '../models/model-directory.ts';
import { expectedRevision, ifMatchHeader } from './expected-revision.ts';
import { findPool } from './find-pool.ts';
import { tellDetectors } from './tell-detectors.ts';

/** What writing a plan needs. */
export interface PlanRouteParts {
  readonly plans: PlanStore;
  readonly registry: RegistryStore;
  readonly detectors: DetectorClient;
  readonly logger: Logger;
}

/** `PUT /pools/{name}/plan`: which version each partition is to be served with. */
export function planRoute(parts: PlanRouteParts): Route {
  const { plans } = parts;
  return defineRoute({
    method: 'put',
    path: '/pools/{name}/plan',
    tag: 'pools',
    summary: 'Replace the plan of a pool',
    description: 'Needs `If-Match: "<revision>"`, the revision that it replaces (0 = never written).',
    roles: ['service'],
    params: z.strictObject({ name: ResourceName }),
    query: z.strictObject({ namespace: ResourceName.default('default') }),
    headers: ifMatchHeader,
    body: PlanUpdate,
    response: Plan,
    problems: {
      404: 'There is no such pool.',
      409: 'The plan names a version that does not exist.',
      412: 'The revision is not the stored one.',
      428: 'If-Match is missing.',
    },
    handler: async ({ params, query, body, headers, setHeader }) => {
      const expected = expectedRevision(headers['if-match']);
      const pool = await findPool(plans, query.namespace, params.name);
      await assertVersionsExist(parts.registry, pool, body);
      const plan = await plans.writePlan(keyOf(pool), expected, body.partitions);
      if (plan === null)
        throw new HttpProblem(412, { detail: `The plan has another revision than ${expected}.` });
      setHeader('ETag', `"${plan.revision}"`);
      await tellDetectors(parts, keyOf(pool), plan.revision);
      return plan;
    },
  });
}

/** A plan that names a version which nobody can load would stall its partitions. */
async function assertVersionsExist(
  registry: RegistryStore,
  pool: PoolRow,
  update: PlanUpdate,
): Promise<void> {
  const versions = await registry.versions(pool.namespace, pool.spec.model);
  const known = new Set([0, ...versions.map(({ version }) => version)]);
  const errors = Object.entries(update.partitions).flatMap(([id, planned]) =>
    (['version', 'shadow', 'fallback'] as const)
      .filter((role) => planned[role] !== null && !known.has(planned[role]))
      .map((role) => ({
        field: `partitions.${id}.${role}`,
        message: `model ${pool.spec.model} has no version ${planned[role]}`,
      })),
  );
  if (errors.length > 0) throw new HttpProblem(409, { detail: errors[0]?.message, errors });
}
