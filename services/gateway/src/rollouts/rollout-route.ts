import { ResourceName, RolloutRecord, RolloutUpdate } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Route } from '@verdict/process';
import type { PlanStore, RolloutStore } from '@verdict/storage';
import { z } from 'zod';
import { keyOf } from '../models/model-directory.ts';
import { expectedRevision, ifMatchHeader } from '../pools/expected-revision.ts';
import { findPool } from '../pools/find-pool.ts';

/** `PUT /pools/{name}/rollout`: where a pool's rollout stands, from whoever runs it. */
export function rolloutRoute({ plans, rollouts }: { plans: PlanStore; rollouts: RolloutStore }): Route {
  return defineRoute({
    method: 'put',
    path: '/pools/{name}/rollout',
    tag: 'pools',
    summary: 'Note where the rollout of a pool stands',
    description:
      'Needs `If-Match: "<revision>"`, the revision that it replaces (0 = never written). Commands that the state names as handled are dropped; each event is told to everybody.',
    roles: ['service'],
    params: z.strictObject({ name: ResourceName }),
    query: z.strictObject({ namespace: ResourceName.default('default') }),
    headers: ifMatchHeader,
    body: RolloutUpdate,
    response: RolloutRecord,
    maxBodyBytes: 1024 * 1024,
    problems: {
      404: 'There is no such pool.',
      412: 'The revision is not the stored one.',
      428: 'If-Match is missing.',
    },
    handler: async ({ params, query, body, headers, setHeader }) => {
      const expected = expectedRevision(headers['if-match']);
      const pool = await findPool(plans, query.namespace, params.name);
      const record = await rollouts.put(keyOf(pool), expected, body);
      if (record === null)
        throw new HttpProblem(412, { detail: `The rollout has another revision than ${expected}.` });
      setHeader('ETag', `"${record.revision}"`);
      return record;
    },
  });
}
