import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Resource } from '@verdict/contracts';
import { createPlatformClient } from '@verdict/platform-client';
import { type Clock, type Logger, StartError } from '@verdict/process';
import { migrate } from '@verdict/storage';
import { startEmbeddedPostgres } from '@verdict/storage/embedded';
import { type RunTraining, startConductor } from './conductor/conductor.ts';
import * as services from './parts/services.ts';
import { databaseUrl, gatewayUrl, type Settings } from './parts/settings.ts';
import { type ChildSpec, startChild } from './supervisor/child.ts';
import { openLog } from './supervisor/log-file.ts';
import { type Run, type Supervised, supervise } from './supervisor/supervised.ts';

/** All parts while they run. */
export interface Platform {
  readonly url: string;
  /** Stops producers and services first, then what they stand on; within 8 s. */
  stop(): Promise<void>;
}

/** Waits for a clean end of services and of the parts below them, in milliseconds. */
const grace = { servicesMs: 4500, partsBelowMs: 2500 };

/**
 * Starts every part in the order in which they need each other and resolves when the dashboard can be used.
 * Rejects, with everything stopped again, when a part cannot start.
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
  const { settings, resources, clock, logger, progress, signal } = parts;
  const below: Supervised[] = [];
  const above: Supervised[] = [];
  const jobs = new Set<Run>();
  let conductor: { stop(): Promise<void> } | null = null;

  const runChild = (spec: ChildSpec): Run & { listening: Promise<number> } => {
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

  const stop = async (): Promise<void> => {
    const conductorStopped = conductor?.stop();
    await Promise.all([
      ...[...jobs].map((job) => job.stop(grace.servicesMs)),
      ...above.map((part) => part.stop(grace.servicesMs)),
    ]);
    await conductorStopped;
    await Promise.all(below.map((part) => part.stop(grace.partsBelowMs)));
  };

  const runTraining: RunTraining = async (job) => {
    const run = runChild(services.trainingJob(settings, job));
    jobs.add(run);
    const code = await run.exited;
    jobs.delete(run);
    if (code !== 0) logger.warn({ ...job, code }, `training ended badly: ${run.lastWords()}`);
    return code;
  };

  try {
    progress('Starting the database and the event hubs …');
    const postgres = keep(below, 'postgres', () => runPostgres(settings, logger));
    const hubs = keepChild(services.hubs(settings, resources), below);
    await Promise.all([postgres.ready, hubs.ready]);
    await migrate(databaseUrl(settings));
    progress('Starting the services …');
    const gateway = keepChild(services.gateway(settings));
    keepChild(services.feedback(settings));
    await gateway.ready;
    const client = createPlatformClient({
      url: gatewayUrl(settings),
      credentials: {
        username: 'conductor',
        password: (await readFile(settings.secrets.passwordFile('conductor'), 'utf8')).trim(),
      },
    });
    await register(client, resources, signal);
    const detectors = resources.flatMap((resource) =>
      resource.kind === 'DetectorPool'
        ? Array.from({ length: resource.spec.replicas }, (_, index) =>
            keepChild(services.detector(settings, resource, index)),
          )
        : [],
    );
    for (const producer of services.producers(settings)) keepChild(producer);
    await Promise.all(detectors.map((detector) => detector.ready));
    conductor = startConductor({ client, runTraining, clock, logger });
    return { url: gatewayUrl(settings), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function register(
  client: ReturnType<typeof createPlatformClient>,
  resources: readonly Resource[],
  signal: AbortSignal,
): Promise<void> {
  for (const resource of resources) {
    signal.throwIfAborted();
    if (resource.kind === 'AnomalyModel') await client.putModel(resource);
  }
  for (const resource of resources) {
    signal.throwIfAborted();
    if (resource.kind === 'DetectorPool') await client.putPool(resource);
  }
}

async function runPostgres(settings: Settings, logger: Logger): Promise<Run> {
  const log = openLog(path.join(settings.folders.logs, 'postgres.log'));
  const lines: string[] = [];
  const server = await startEmbeddedPostgres({
    dataDir: settings.folders.postgres,
    port: settings.ports.postgres,
    password: settings.secrets.databasePassword,
    onLog: (line) => {
      log.write(`${line}\n`);
      lines.push(line);
      lines.splice(0, lines.length - 3);
    },
  }).catch((error: unknown) => {
    log.close();
    throw error instanceof Error ? new StartError(error.message) : error;
  });
  logger.info({ part: 'postgres', child: server.pid }, 'started postgres');
  const exited = server.exited.then((code) => {
    log.close();
    return typeof code === 'number' ? code : null;
  });
  return { exited, ready: Promise.resolve(), stop: () => server.stop(), lastWords: () => lines.join('\n') };
}
