import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Resource } from '@verdict/contracts';
import { type Clock, type Logger, StartError } from '@verdict/process';
import { migrate } from '@verdict/storage';
import { startConductor } from './conductor/conductor.ts';
import { gatewayPlatform } from './conductor/gateway-platform.ts';
import { type RunTraining, trainingAnswered } from './conductor/training-queue.ts';
import { runPostgres } from './parts/postgres.ts';
import { register } from './parts/register.ts';
import * as services from './parts/services.ts';
import { databaseUrl, gatewayUrl, type Settings } from './parts/settings.ts';
import { signOldVersions } from './parts/sign-old-versions.ts';
import { type ChildSpec, startChild } from './supervisor/child.ts';
import { trimLogs } from './supervisor/log-file.ts';
import { type Run, type Supervised, supervise } from './supervisor/supervised.ts';
import { untilReady } from './supervisor/until-ready.ts';

/** All parts while they run. */
export interface Platform {
  readonly url: string;
  /** Stops producers and services first, then what they stand on; within 8 s. */
  stop(): Promise<void>;
}

/** Waits for a clean end of services and of the parts below them, in milliseconds. */
const grace = { servicesMs: 4500, partsBelowMs: 2500 };
/** For each step of the first start; a database that recovers from its log may need a while. */
const readyWithinMs = 120_000;
const trimLogsEveryMs = 60_000;

/**
 * Starts every part in the order in which they need each other and resolves when the dashboard can be used.
 * Rejects, with everything stopped again, when a part cannot start (`StartError`, one sentence) or the signal is
 * aborted.
 */
export async function startPlatform(parts: {
  settings: Settings;
  resources: readonly Resource[];
  clock: Clock;
  logger: Logger;
  /** Tells people which step is under way. */
  progress: (step: string) => void;
  signal: AbortSignal;
}): Promise<Platform> {
  const { settings, resources, clock, logger, progress } = parts;
  const below: Supervised[] = [];
  const above: Supervised[] = [];
  const jobs = new Set<Run>();
  let conductor: { stop(): Promise<void> } | null = null;
  const stopping = new AbortController();
  const signal = AbortSignal.any([parts.signal, stopping.signal]);
  const ready = (...awaited: Pick<Supervised, 'name' | 'ready'>[]) =>
    untilReady(awaited, { clock, signal, withinMs: readyWithinMs });

  const runChild = (spec: ChildSpec): Run => {
    const child = startChild(spec, path.join(settings.folders.logs, `${spec.name}.log`));
    logger.info({ part: spec.name, child: child.pid }, `started ${spec.name}`);
    return { ...child, ready: child.listening };
  };
  const keep = (into: Supervised[], name: string, start: () => Promise<Run>): Supervised => {
    const supervised = supervise({ name, start, clock, logger });
    into.push(supervised);
    return supervised;
  };
  const keepChild = (spec: ChildSpec, into = above) => keep(into, spec.name, async () => runChild(spec));

  const trimming = setInterval(() => trimLogs(settings.folders.logs), trimLogsEveryMs);
  const stop = async (): Promise<void> => {
    clearInterval(trimming);
    stopping.abort();
    const conductorStopped = conductor?.stop();
    await Promise.all([
      ...[...jobs].map((job) => job.stop(grace.servicesMs)),
      ...above.map((part) => part.stop(grace.servicesMs)),
    ]);
    await conductorStopped;
    await Promise.all(below.map((part) => part.stop(grace.partsBelowMs)));
  };

  const runTraining: RunTraining = async (job) => {
    signal.throwIfAborted();
    const run = runChild(services.trainingJob(settings, job));
    jobs.add(run);
    const code = await run.exited;
    jobs.delete(run);
    if (!trainingAnswered(code) && !signal.aborted)
      logger.warn({ ...job, code }, `training ended badly: ${run.lastWords() || 'it said nothing'}`);
    return code;
  };

  try {
    progress('Starting the database and the event hubs …');
    const postgres = keep(below, 'postgres', () => runPostgres(settings, logger));
    await ready(postgres, keepChild(services.hubs(settings, resources), below));
    await ready({ name: 'the migration of the database', ready: migrate(databaseUrl(settings)) });
    await signOldVersions(settings, runChild);
    progress('Starting the services …');
    const gateway = keepChild(services.gateway(settings));
    const feedback = keepChild(services.feedback(settings));
    await ready(gateway);
    const platform = gatewayPlatform({
      url: gatewayUrl(settings),
      credentials: {
        username: 'conductor',
        password: await readFile(settings.secrets.passwordFile('conductor'), 'utf8'),
      },
      signal,
    });
    await register(platform, resources, signal);
    const detectors = resources.flatMap((resource) =>
      resource.kind === 'DetectorPool'
        ? Array.from({ length: resource.spec.replicas }, (_, index) =>
            keepChild(services.detector(settings, resource, index)),
          )
        : [],
    );
    for (const producer of services.producers(settings)) keepChild(producer);
    await ready(feedback, ...detectors);
    conductor = startConductor({ platform, runTraining, clock, logger });
    return { url: gatewayUrl(settings), stop };
  } catch (error) {
    await stop();
    if (error instanceof StartError || parts.signal.aborted) throw error;
    logger.error({ err: error }, 'the start failed');
    throw new StartError(`Verdict could not start: ${(error as Error).message}`, { cause: error });
  }
}
