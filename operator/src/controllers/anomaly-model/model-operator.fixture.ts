import { type Clock, createLogger, createMetrics } from '@verdict/process';
import { connectKube } from '../../kube/connect-kube.ts';
import type { EventNote } from '../../kube/event-recorder.ts';
import { fencedClient } from '../../kube/fenced-client.ts';
import type { ModelPlatform, PlatformReader } from '../../platform/platform.ts';
import { PlatformUnavailableError } from '../../platform/platform-error.ts';
import { settings } from '../../resources/objects.fixture.ts';
import { watchedCluster } from '../../watched-cluster.ts';
import { anomalyModelController } from './anomaly-model-controller.ts';

/** One operator with nothing but the controller of models, from its start to its end. */
export interface ModelOperator {
  /** Reasons of the Events that it recorded, in order. */
  readonly said: readonly string[];
  /** In good order; resolves when nothing of it runs any more. */
  stop(): Promise<void>;
  /** At once: whatever it still tries fails. */
  kill(): void;
}

export function startModelOperator(options: {
  readonly kubeconfig: string;
  readonly platform: PlatformReader & ModelPlatform;
  readonly clock: Clock;
  readonly namespaces: readonly string[];
}): ModelOperator {
  const { kubeconfig, platform, clock, namespaces } = options;
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
  const killed = new AbortController();
  const alive = { signal: killed.signal, holds: () => !killed.signal.aborted };
  const controller = anomalyModelController({
    informers: cluster.informers,
    client: fencedClient(kube.client, alive),
    platform: whileAlive(platform, alive.holds),
    settings,
    events: { record: (_: unknown, note: EventNote) => void said.push(note.reason) },
    clock,
    logger,
  });
  const ended = Promise.all([cluster.run(stopping.signal), controller.run(stopping.signal)]);
  return {
    said,
    async stop() {
      stopping.abort();
      await ended;
      kube.close();
    },
    kill() {
      killed.abort();
      stopping.abort();
      kube.close();
      // What it still tries fails: that is what a kill is.
      ended.catch(() => undefined);
    },
  };
}

/** The platform as a process sees it that may be killed: nothing is sent, and no answer comes, after that. */
function whileAlive<P extends PlatformReader & ModelPlatform>(platform: P, holds: () => boolean): P {
  return new Proxy(platform, {
    get: (target, name) => {
      const method = Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        const check = (): void => {
          if (!holds()) throw new PlatformUnavailableError('killed');
        };
        check();
        const answer = await method.apply(target, given);
        check();
        return answer;
      };
    },
  });
}
