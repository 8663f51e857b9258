import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Engine } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { createPlatformClient } from '@verdict/platform-client';
import {
  announceListening,
  createEdgeServer,
  createHttpApp,
  createMetrics,
  HttpProblem,
  hostGuard,
  listen,
  runProcess,
  StartError,
  startTracing,
  tokenVerifier,
} from '@verdict/process';
import {
  azureIdentity,
  DatabaseUnavailable,
  databaseAddress,
  openBlobs,
  openDatabase,
  openStores,
  type TrustedKeys,
  trustedKeysFile,
} from '@verdict/storage';
import { eventHubsNamespace, openEventHubs } from '@verdict/streams';
import { detectorRoutes } from './api/routes.ts';
import { defaultLimits } from './claim/partition-run.ts';
import { readDetectorConfig } from './config.ts';
import { serviceCredentials } from './credentials.ts';
import { Detector } from './detector.ts';
import { detectorMetrics } from './metrics.ts';

const config = readDetectorConfig();
const loopback = ['127.0.0.1', '::1', 'localhost'];
const { VERDICT_DRAIN_SECONDS: drainSeconds } = config;
const stopping = drainSeconds === undefined ? {} : { stopMs: drainSeconds * 1000 };

runProcess(
  'detector',
  async ({ logger, clock, crash }) => {
    const holder = `detector-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
    const registry = createMetrics();
    const tracing = await startTracing({ serviceName: 'verdict-detector', instance: holder, logger });
    const identity = azureIdentity();
    const database = openDatabase({
      ...databaseAddress(config, identity),
      applicationName: 'detector',
      // A database that hangs is treated like one that is away, while the lease still lasts.
      statementTimeoutMs: 5000,
      onIdleError: (error) => logger.warn({ reason: error.message }, 'an idle database connection broke'),
    });
    const stores = openStores(database);
    const source = openEventHubs({
      ...eventHubsNamespace(config, identity),
      hub: config.VERDICT_DATA_HUB,
    }).source();
    const platform = createPlatformClient({
      url: config.VERDICT_GATEWAY_URL,
      credentials: await serviceCredentials(config),
      // The notifier waits and tries again by itself.
      retry: { attempts: 1 },
      traceHeaders: tracing.headers,
    });
    const detector = new Detector({
      namespace: config.VERDICT_NAMESPACE,
      pool: config.VERDICT_POOL,
      holder,
      pinnedVersion: config.VERDICT_PINNED_VERSION ?? null,
      source,
      store: stores.partitions,
      plans: stores.plans,
      registry: stores.registry,
      overlays: stores.overlays,
      leases: stores.leases,
      blobs: await openBlobs(config.VERDICT_BLOBS_URL, identity),
      engines: {
        fresh: (model) => new Engine({ model }),
        restore: (bytes, model, changes) => Engine.restore(bytes, { model }, changes),
      },
      openNetwork,
      trusted: await trustedKeys(),
      notify: (changes) => platform.notifyAnomalies(changes),
      metrics: detectorMetrics(registry),
      limits: defaultLimits,
      clock,
      logger,
      tracing,
    });
    const app = createHttpApp({
      name: 'Verdict detector',
      description: 'Scores the partitions that it holds. Swaps model versions without losing a reading.',
      routes: detectorRoutes(detector.view),
      verifyToken: tokenVerifier({
        jwksUrl: new URL('/.well-known/jwks.json', config.VERDICT_GATEWAY_URL).href,
      }),
      metrics: registry,
      logger,
      // At home only this machine's own names are answered; elsewhere the cluster decides who comes here.
      guard: hostGuard(loopback.includes(config.VERDICT_HOST) ? [] : ['*']),
      health: {
        database: async () => void (await database.query('SELECT 1')),
        partitions: () => detector.assertWorking(),
      },
      problemOf: (error) =>
        error instanceof DatabaseUnavailable
          ? new HttpProblem(503, {
              detail: 'The database is away; try again.',
              retryAfterSeconds: 2,
              cause: error,
            })
          : null,
    });
    const listening = await listen(createEdgeServer(app), {
      host: config.VERDICT_HOST,
      port: config.VERDICT_PORT,
    });
    detector.start(advertisedUrl(listening), crash);
    announceListening(listening.port);
    return async () => {
      await detector.stop();
      await tracing.close();
      await listening.close(500);
      await source.close();
      await database.close();
    };
  },
  stopping,
);

/** Whose signatures on versions are believed; null where none are asked for. */
async function trustedKeys(): Promise<TrustedKeys | null> {
  const file = config.VERDICT_ARTEFACT_JWKS_FILE;
  if (file === undefined) return null;
  return trustedKeysFile(file).catch((error: Error) => {
    throw new StartError(`VERDICT_ARTEFACT_JWKS_FILE: ${error.message}`, { cause: error });
  });
}

/** Where the gateway reaches this process: behind a wildcard address somebody must say by which name. */
function advertisedUrl({ port, url }: { port: number; url: string }): string {
  if (config.VERDICT_ADVERTISED_HOST !== undefined) return `http://${config.VERDICT_ADVERTISED_HOST}:${port}`;
  const anywhere = config.VERDICT_HOST === '0.0.0.0' || config.VERDICT_HOST === '::';
  return anywhere ? `http://${hostname()}:${port}` : url;
}
