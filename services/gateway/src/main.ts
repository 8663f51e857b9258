import { hostname } from 'node:os';
import {
  announceListening,
  createMetrics,
  listen,
  type ProcessContext,
  runProcess,
  startTracing,
} from '@verdict/process';
import {
  azureIdentity,
  databaseAddress,
  migrate,
  openBlobs,
  openDatabase,
  openStores,
} from '@verdict/storage';
import { eventHubsNamespace, openEventHubs } from '@verdict/streams';
import { bootstrapUsers, readUsers } from './auth/bootstrap-users.ts';
import { clusterIssuer } from './auth/cluster-issuer.ts';
import { asFile, serviceUser } from './auth/given-secrets.ts';
import { openOidc } from './auth/oidc/open-oidc.ts';
import { openSigningKeys } from './auth/signing-keys.ts';
import { awaitBlobs } from './await-blobs.ts';
import { gatewayConfig } from './config.ts';
import { loadDoorRules } from './doors/load-door-rules.ts';
import { createGateway } from './gateway.ts';
import { requestPatience } from './request-patience.ts';
import { whenDatabaseAnswers } from './when-database-answers.ts';

const dayMs = 86_400_000;
/** Less than a client waits for its answer, so that it hears 503 instead of nothing. */
const sending = { retryForMs: 6000, attemptMs: 3000 };

runProcess('gateway', async (context: ProcessContext) => {
  const { clock, logger } = context;
  const config = gatewayConfig();
  const identity = azureIdentity();
  const address = databaseAddress(config, identity);
  const doorRules = await loadDoorRules(config);
  const tracing = await startTracing({ serviceName: 'verdict-gateway', instance: hostname(), logger });
  const oidc = openOidc(config, context, identity);
  const givenKey = config.VERDICT_SIGNING_KEY === undefined ? null : await asFile(config.VERDICT_SIGNING_KEY);
  const keyFile = givenKey?.file ?? config.VERDICT_SIGNING_KEY_FILE ?? '';
  const signingKeys = await openSigningKeys(keyFile, { ...clock, logger });
  await whenDatabaseAnswers(() => migrate(address), context);

  const database = openDatabase({ ...address, applicationName: 'gateway', poolSize: 16, ...requestPatience });
  const stores = openStores(database);
  const patient = openDatabase({ ...address, applicationName: 'gateway-retention', poolSize: 1 });
  const unhurried = openStores(patient);
  const outgoing = openDatabase({ ...address, applicationName: 'gateway-webhooks', poolSize: 3 });
  const usersFile = config.VERDICT_BOOTSTRAP_USERS_FILE;
  const users = usersFile === undefined ? [] : await readUsers(usersFile);
  await bootstrapUsers([...users, ...serviceUser(config.VERDICT_SERVICE_PASSWORD)], stores);

  const blobsUrl = config.VERDICT_BLOBS_URL;
  const awaited =
    blobsUrl === undefined ? null : await awaitBlobs(() => openBlobs(blobsUrl, identity), context);
  const namespace = eventHubsNamespace(config, identity);
  const data = openEventHubs({ ...namespace, hub: config.VERDICT_DATA_HUB, ...sending });
  const feedback = openEventHubs({ ...namespace, hub: config.VERDICT_FEEDBACK_HUB, ...sending });
  const dataSink = data.sink();
  const dataSource = data.source();
  const feedbackSink = feedback.sink();

  const gateway = await createGateway({
    ...context,
    stores,
    blobs: awaited?.blobs ?? null,
    retention: { ...unhurried.history, ...unhurried.rollouts, prune: unhurried.deadLetters.prune },
    webhookStores: openStores(outgoing),
    dataSink,
    dataSource,
    feedbackSink,
    signingKeys,
    otherIssuers: new Map([...clusterIssuer(config, context), ...oidc.issuers]),
    oidcWay: oidc.way,
    metrics: createMetrics(),
    tracing,
    health: {
      database: async () => void (await database.query('SELECT 1')),
      hub: async () => void (await dataSink.properties()),
      ...(awaited === null ? {} : { blobs: awaited.ready }),
    },
    settings: {
      retentionMs: config.VERDICT_RETENTION_DAYS * dayMs,
      maxInFlightBytes: config.VERDICT_MAX_IN_FLIGHT_BYTES,
      doorRules,
      loginsPerMinute: config.VERDICT_LOGINS_PER_MINUTE,
      answers: {
        perHour: config.VERDICT_ANSWERS_PER_HOUR,
        perDay: config.VERDICT_ANSWERS_PER_DAY,
        flood: { perMinute: config.VERDICT_FLOOD_PER_MINUTE, factor: config.VERDICT_FLOOD_FACTOR },
      },
      allowedHosts: [config.VERDICT_HOST, ...config.VERDICT_ALLOWED_HOSTS],
      corsOrigins: config.VERDICT_CORS_ORIGINS,
      trustedProxies: config.VERDICT_TRUSTED_PROXIES,
      requests: {
        perAddress: config.VERDICT_REQUESTS_PER_MINUTE,
        perCaller: config.VERDICT_CALLER_REQUESTS_PER_MINUTE,
        ingest: config.VERDICT_INGEST_REQUESTS_PER_MINUTE,
      },
      dashboardDir: config.VERDICT_DASHBOARD_DIR,
      webhooks: { allowed: config.VERDICT_WEBHOOK_ALLOW, publicUrl: config.VERDICT_PUBLIC_URL },
    },
  });
  const listening = await listen(gateway.server, { host: config.VERDICT_HOST, port: config.VERDICT_PORT });
  announceListening(listening.port);
  logger.info({ url: listening.url, startedMs: Math.round(clock.monotonicMs()) }, 'listening');

  return async () => {
    await gateway.stop();
    await listening.close(4000);
    await gateway.flush();
    await Promise.all([dataSink.close(), dataSource.close(), feedbackSink.close()]);
    await givenKey?.remove();
    await tracing.close();
    await Promise.all([database.close(), patient.close(), outgoing.close()]);
  };
});
