import {
  anomalyModels,
  conditionOf,
  deployments,
  detectorPools,
  type KubeApi,
  label,
  pods,
  Reflector,
  trimPod,
} from '@verdict/operator/testing';
import { createLogger, systemClock } from '@verdict/process';

/** A pod that can serve. */
export interface ReadyPod {
  readonly name: string;
  readonly version: number;
}

export type WatchedFleet = ReturnType<typeof watchFleet>;

const labelSelector = 'app.kubernetes.io/name=verdict-detector';

/** What the measurement itself sees of the cluster. */
export function watchFleet({ client }: KubeApi) {
  const common = { client, clock: systemClock, logger: createLogger({ name: 'bench', level: 'warn' }) };
  const seen = {
    models: new Reflector({ ...common, kind: anomalyModels }),
    pools: new Reflector({ ...common, kind: detectorPools }),
    deployments: new Reflector({ ...common, kind: deployments, labelSelector }),
    pods: new Reflector({
      ...common,
      kind: pods,
      labelSelector,
      trim: trimPod,
      indexes: { pool: ({ metadata }) => [`${metadata.namespace}/${metadata.labels?.[label.pool]}`] },
    }),
  };
  const ending = new AbortController();
  const running = Promise.all(Object.values(seen).map((one) => one.run(ending.signal)));
  const isReady = (conditions: Parameters<typeof conditionOf>[0] | undefined): boolean =>
    conditionOf(conditions ?? [], 'Ready')?.status === 'True';
  return {
    ...seen,
    podCount: () => seen.pods.cache.size,
    readyPools: () =>
      seen.pools.cache.list().filter(({ status }) => isReady(status?.conditions) && isAtRest(status)).length,
    readyModels: () => seen.models.cache.list().filter(({ status }) => isReady(status?.conditions)).length,
    /** The pods of a pool that are ready, in the order of their names. */
    podsOf(pool: string): ReadyPod[] {
      return seen.pods.cache
        .indexed('pool', pool)
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .filter(({ status }) =>
          status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
        )
        .map(({ metadata }) => ({
          name: metadata.name ?? '',
          version: Number(metadata.labels?.[label.version]),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async close(): Promise<void> {
      ending.abort();
      await running;
    },
  };
}

/** Whether all detectors that a pool wants are there. */
function isAtRest(status: { detectorsText?: string | undefined } | undefined): boolean {
  const [ready, wanted] = (status?.detectorsText ?? '').split('/');
  return ready !== undefined && ready === wanted;
}
