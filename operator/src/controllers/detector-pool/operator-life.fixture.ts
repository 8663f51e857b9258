import { type Clock, createLogger, createMetrics } from '@verdict/process';
import { connectKube } from '../../kube/connect-kube.ts';
import type { EventNote } from '../../kube/event-recorder.ts';
import type { PlatformReader, PoolPlatform } from '../../platform/platform.ts';
import { settings } from '../../resources/objects.fixture.ts';
import { watchedCluster } from '../../watched-cluster.ts';
import { detectorPoolController } from './detector-pool-controller.ts';
import { noPoolMetrics } from './pool-metrics.ts';

/** One operator with nothing but the controller of pools, from its start to its end. */
export interface OperatorLife {
  /** Reasons of the Events that it recorded, in order. */
  readonly said: readonly string[];
  /** In good order; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** At once: connections are cut, and nothing is waited for. */
  kill(): void;
}

/** Starts one. */
export function startOperator(options: {
  readonly kubeconfig: string;
  readonly platform: PlatformReader & PoolPlatform;
  readonly clock: Clock;
  readonly namespaces?: readonly string[];
}): OperatorLife {
  const { kubeconfig, platform, clock, namespaces = [] } = options;
  const logger = createLogger({ name: 'test', level: process.env.VERDICT_LOG_LEVEL ?? 'silent' });
  const kube = connectKube({ kubeconfig, clock, rateLimit: { perSecond: 1000, burst: 1000 } });
  const cluster = watchedCluster({
    client: kube.client,
    clock,
    logger,
    registry: createMetrics(),
    namespaces,
  });
  const said: string[] = [];
  const stopping = new AbortController();
  const controller = detectorPoolController({
    informers: cluster.informers,
    client: kube.client,
    platform,
    settings,
    events: { record: (_: unknown, note: EventNote) => void said.push(note.reason) },
    metrics: noPoolMetrics,
    clock,
    logger,
  });
  const watching = cluster.run(stopping.signal);
  const working = controller.run(stopping.signal);
  const ended = Promise.all([watching, working]);
  return {
    said,
    async stop() {
      stopping.abort();
      await ended;
      kube.close();
    },
    kill() {
      kube.close();
      stopping.abort();
      // What it still tries fails: that is what a kill is.
      ended.catch(() => undefined);
    },
  };
}
