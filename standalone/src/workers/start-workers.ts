import { readFile } from 'node:fs/promises';
import type { DetectorPoolResource, Resource } from '@verdict/contracts';
import { backOff, type Clock, type Logger } from '@verdict/process';
import { startConductor } from '../conductor/conductor.ts';
import { gatewayPlatform } from '../conductor/gateway-platform.ts';
import type { RunTraining } from '../conductor/training-queue.ts';
import { trainingAnswered } from '../conductor/training-queue.ts';
import { register } from '../parts/register.ts';
import { type ChildSpec, startChild } from '../supervisor/child.ts';
import { type Run, supervise } from '../supervisor/supervised.ts';
import type { WorkersConfig } from './config.ts';
import { workerSpecs } from './worker-specs.ts';

/** Detectors, retrainer and conductor while they run. */
export interface Workers {
  /** What is not ready yet, in words; empty = all of it runs. */
  waitingFor(): string[];
  /** Ends with nothing running any more; within `stopMs` and some. */
  stop(): Promise<void>;
}

/** For a clean end of detectors (they hand over their partitions) and of a training. */
export const stopMs = 6000;
/** What one part says when it is not awaited any more. */
const theGateway = 'models and pools to be declared at the gateway';

/**
 * Starts detectors, the retrainer and whoever conducts trainings and rollouts, against parts that others run. It
 * begins at once and never gives up: the gateway may come up later, and parts that end are started again.
 */
export function startWorkers(parts: {
  config: WorkersConfig;
  passwordFile: string;
  resources: readonly Resource[];
  clock: Clock;
  logger: Logger;
}): Workers {
  const { config, passwordFile, resources, clock, logger } = parts;
  const specs = workerSpecs(config, passwordFile);
  const stopping = new AbortController();
  const waiting = new Set([theGateway]);
  const kept: { stop(graceMs: number): Promise<void> }[] = [];
  const jobs = new Set<Run>();
  let conductor: { stop(): Promise<void> } | null = null;

  const run = (spec: ChildSpec): Run => {
    const child = startChild(spec, null);
    logger.info({ part: spec.name, child: child.pid }, `started ${spec.name}`);
    return { ...child, ready: child.listening };
  };
  const keep = (spec: ChildSpec): void => {
    waiting.add(spec.name);
    // The first run that becomes ready counts, not the first run: a part may have to wait for others.
    const start = async (): Promise<Run> => {
      const started = run(spec);
      started.ready.then(
        () => waiting.delete(spec.name),
        () => undefined,
      );
      void started.exited.then(() => waiting.add(spec.name));
      return started;
    };
    const supervised = supervise({ name: spec.name, start, clock, logger });
    supervised.ready.catch(() => undefined);
    kept.push(supervised);
  };
  const runTraining: RunTraining = async (job) => {
    stopping.signal.throwIfAborted();
    const training = run(specs.training(job));
    jobs.add(training);
    const code = await training.exited;
    jobs.delete(training);
    if (!trainingAnswered(code) && !stopping.signal.aborted)
      logger.warn({ ...job, code }, 'training ended badly: look above');
    return code;
  };

  const live = async (): Promise<void> => {
    const { signal } = stopping;
    const platform = gatewayPlatform({
      url: config.VERDICT_GATEWAY_URL,
      credentials: {
        username: config.VERDICT_SERVICE_USER,
        password: (await readFile(passwordFile, 'utf8')).trim(),
      },
      signal,
    });
    const waits = backOff({ firstMs: 500, maxMs: 15_000 });
    while (!signal.aborted) {
      try {
        await register(platform, resources, signal);
        waiting.delete(theGateway);
        break;
      } catch (error) {
        if (signal.aborted) return;
        const waitMs = waits.nextMs();
        const reason = error instanceof Error ? error.message : String(error);
        logger.warn({ reason, waitMs: Math.round(waitMs) }, 'the gateway takes no models and pools yet');
        await clock.sleep(waitMs, signal).catch(() => undefined);
      }
    }
    if (signal.aborted) return;
    keep(specs.feedback());
    for (const pool of resources.filter(isPool)) {
      const detectors = config.VERDICT_DETECTORS ?? pool.spec.replicas;
      for (let index = 0; index < detectors; index++) keep(specs.detector(pool, index));
    }
    conductor = startConductor({ platform, runTraining, clock, logger });
  };
  const started = live();
  return {
    waitingFor: () => [...waiting],
    async stop() {
      stopping.abort();
      await started;
      const conducted = conductor?.stop();
      await Promise.all([...jobs, ...kept].map((one) => one.stop(stopMs)));
      await conducted;
    },
  };
}

function isPool(resource: Resource): resource is DetectorPoolResource {
  return resource.kind === 'DetectorPool';
}
