import { type Clock, createLogger, createMetrics } from '@verdict/process';
import { anomalyModelController } from './controllers/anomaly-model/anomaly-model-controller.ts';
import { detectorPoolController } from './controllers/detector-pool/detector-pool-controller.ts';
import { noPoolMetrics } from './controllers/detector-pool/pool-metrics.ts';
import { connectKube } from './kube/connect-kube.ts';
import type { EventNote } from './kube/event-recorder.ts';
import { fencedClient, type Leadership } from './kube/fenced-client.ts';
import type { Platform } from './platform/platform.ts';
import { settings } from './resources/objects.fixture.ts';
import { watchedCluster } from './watched-cluster.ts';

const makers = { models: anomalyModelController, pools: detectorPoolController } as const;

export interface OperatorLifeOptions {
  readonly kubeconfig: string;
  readonly platform: Platform;
  readonly clock: Clock;
  /** Which controllers run; default both. */
  readonly controllers?: readonly (keyof typeof makers)[];
  /** None = all. */
  readonly namespaces?: readonly string[];
  /** Ends when it is killed; default: never. */
  readonly leadership?: Leadership;
}

/** An operator in this process, from its start to its end. */
export interface OperatorLife {
  /** Reasons of the Events that it recorded, in order. */
  readonly said: readonly string[];
  /** In good order; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** At once: connections are cut, and nothing is waited for. Its leadership is to have ended before. */
  kill(): void;
}

const always: Leadership = { signal: new AbortController().signal, holds: () => true };

/** Starts one. */
export function startOperator(options: OperatorLifeOptions): OperatorLife {
  const { kubeconfig, platform, clock, namespaces = [], leadership = always } = options;
  const logger = createLogger({ name: 'test', level: process.env.VERDICT_LOG_LEVEL ?? 'silent' });
  const kube = connectKube({ kubeconfig, clock, rateLimit: { perSecond: 1000, burst: 1000 } });
  const registry = createMetrics();
  const cluster = watchedCluster({ client: kube.client, clock, logger, registry, namespaces });
  const said: string[] = [];
  const stopping = new AbortController();
  const parts = {
    informers: cluster.informers,
    client: fencedClient(kube.client, leadership),
    platform,
    settings,
    events: { record: (_: unknown, note: EventNote) => void said.push(note.reason) },
    metrics: noPoolMetrics,
    clock,
    logger,
  };
  const controllers = (options.controllers ?? ['models', 'pools']).map((name) => makers[name](parts));
  const running = controllers.map((one) => one.run(stopping.signal));
  const ended = Promise.all([cluster.run(stopping.signal), ...running]);
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
