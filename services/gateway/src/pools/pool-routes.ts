import { DetectorPoolResource, PoolsQuery, PoolView, ResourceName } from '@verdict/contracts';
import { anyRole, defineRoute, type Route } from '@verdict/process';
import type { PoolRow, RolloutStore } from '@verdict/storage';
import { z } from 'zod';
import { assertOwnName } from '../models/assert-own-name.ts';
import { keyOf, type ModelDirectory } from '../models/model-directory.ts';
import type { HubExtents } from './hub-extents.ts';
import { type PlanRouteParts, planRoute } from './plan-route.ts';
import { poolView } from './pool-view.ts';

/** What the routes of pools need. */
export interface PoolRouteParts extends PlanRouteParts {
  readonly rollouts: RolloutStore;
  readonly extents: HubExtents;
  readonly directory: ModelDirectory;
}

/** `GET /pools`, `PUT /pools/{name}` and `PUT /pools/{name}/plan`. */
export function poolRoutes(parts: PoolRouteParts): Route[] {
  const { plans, directory } = parts;
  return [
    defineRoute({
      method: 'get',
      path: '/pools',
      tag: 'pools',
      summary: 'All pools: plan, partitions as they really are, live detectors, rollout',
      description:
        '`namespace`, `name` and `model` choose some of them. Who asks often asks for what it needs: the view of each pool is put together from the state of its partitions.',
      roles: anyRole,
      query: PoolsQuery,
      response: z.object({ items: z.array(PoolView) }),
      handler: async ({ query }) => ({ items: await poolViews(parts, query) }),
    }),
    defineRoute({
      method: 'put',
      path: '/pools/{name}',
      tag: 'pools',
      summary: 'Declare a pool (a DetectorPool manifest)',
      // As with models: people may declare it, and only our processes say where its rollout stands.
      roles: ['service', 'admin'],
      params: z.strictObject({ name: ResourceName }),
      body: DetectorPoolResource,
      response: DetectorPoolResource,
      problems: { 409: 'Another pool serves this model.' },
      handler: async ({ params, body }) => {
        const { metadata, spec } = body;
        assertOwnName(metadata, params.name);
        await plans.putPool({ namespace: metadata.namespace, name: metadata.name, spec });
        directory.forget();
        return body;
      },
    }),
    planRoute(parts),
  ];
}

async function poolViews(
  { plans, rollouts, extents }: PoolRouteParts,
  query: PoolsQuery,
): Promise<PoolView[]> {
  const [all, newest] = await Promise.all([plans.pools(), extents.newest()]);
  const pools = all.filter((pool) => fits(pool, query));
  const view = async (pool: PoolRow): Promise<PoolView> => {
    const key = keyOf(pool);
    const [plan, state, lives, shadows, rollout] = await Promise.all([
      plans.plan(key),
      plans.poolState(key),
      rollouts.figures(key),
      rollouts.shadows(key),
      rollouts.get(key),
    ]);
    return poolView({ pool, plan, state, newest, lives, shadows, rollout });
  };
  return Promise.all(pools.map(view));
}

function fits({ namespace, name, spec }: PoolRow, query: PoolsQuery): boolean {
  const same = (asked: string | undefined, has: string) => asked === undefined || asked === has;
  return same(query.namespace, namespace) && same(query.name, name) && same(query.model, spec.model);
}
