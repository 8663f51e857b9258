import type { Server } from 'node:http';
import { createEdgeServer, createHttpApp, hostGuard, noTracing } from '@verdict/process';
import { anomalyRoutes } from './anomalies/anomaly-routes.ts';
import { notificationRoute } from './anomalies/notification-route.ts';
import { worthAskingRoute } from './anomalies/worth-asking-route.ts';
import { openAuthentication } from './auth/authentication.ts';
import { startBackgroundWork } from './background-work.ts';
import { coverageRoutes } from './coverage/coverage-routes.ts';
import { dashboardFiles } from './dashboard-files/dashboard-files.ts';
import { openDeadLetters } from './dead-letters/open-dead-letters.ts';
import { detectorClient } from './detectors/detector-client.ts';
import { seriesLocator } from './detectors/series-locator.ts';
import { readingDoors } from './doors/reading-doors.ts';
import { answerAdmission } from './feedback/answer-admission.ts';
import { feedbackRoute } from './feedback/feedback-route.ts';
import { floodGauge } from './feedback/flood-gauge.ts';
import { floodRoutes } from './feedback/flood-routes.ts';
import { tracedSink } from './feedback/traced-sink.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { requestLimits } from './limits/request-limits.ts';
import { startLiveHub } from './live/live-hub.ts';
import { missedRoutes } from './missed/missed-routes.ts';
import { ModelDirectory } from './models/model-directory.ts';
import { modelRoutes } from './models/model-routes.ts';
import { trainingRecordRoute } from './models/training-record-route.ts';
import { trainingRoute } from './models/training-route.ts';
import { upkeepRoutes } from './models/upkeep-routes.ts';
import { versionRoutes } from './models/version-routes.ts';
import { hubExtents } from './pools/hub-extents.ts';
import { poolRoutes } from './pools/pool-routes.ts';
import { problemOf } from './problem-of.ts';
import { DoorNotes } from './readings/door-notes.ts';
import { receiptRoute } from './receipts/receipt-route.ts';
import { commandRoute } from './rollouts/command-route.ts';
import { rolloutRoute } from './rollouts/rollout-route.ts';
import { historyRoute } from './series/history-route.ts';
import { platformFacts } from './trust/platform-facts.ts';
import { publishGauges } from './trust/publish-gauges.ts';
import { trustRoute } from './trust/trust-route.ts';
import { openWebhooks } from './webhooks/open-webhooks.ts';

/** A gateway whose server does not listen yet. */
export interface Gateway {
  readonly server: Server;
  /** Ends connections and background work; call it before closing the server. */
  stop(): Promise<void>;
  /** Writes what was only noted; call it after the last request. */
  flush(): Promise<void>;
}

/** Puts the gateway together. Rejects with `DatabaseUnavailable` when the database cannot be reached. */
export async function createGateway(parts: GatewayParts): Promise<Gateway> {
  const { stores, clock, crash, logger, metrics, settings, tracing = noTracing } = parts;
  const authentication = await openAuthentication({
    ...parts,
    otherIssuers: parts.otherIssuers ?? new Map(),
    oidcWay: parts.oidcWay ?? null,
    loginsPerMinute: settings.loginsPerMinute,
  });
  const { verifyToken } = authentication;
  const { corsOrigins = [], trustedProxies = [], requests } = settings;
  const guard = hostGuard(settings.allowedHosts, corsOrigins);
  const detectors = detectorClient(authentication.ownToken);
  const locator = seriesLocator({ ...stores, clock });
  const directory = new ModelDirectory({ ...stores, clock });
  await directory.current();
  const notes = new DoorNotes(stores.series, clock);
  const webhooks = openWebhooks({ ...parts, stores: parts.webhookStores, settings: settings.webhooks });
  const deadLetters = openDeadLetters(parts);
  const admission = answerAdmission({ ...stores, limits: settings.answers, clock, logger, metrics });
  const feedbackSink = tracedSink(parts.feedbackSink, tracing);
  const routes = [
    ...authentication.routes,
    ...readingDoors({
      sink: parts.dataSink,
      notes,
      registry: metrics,
      clock,
      tracing,
      settings,
      isWanted: (series) => (directory.known === null ? null : directory.known.modelKeyOf(series) !== null),
    }),
    feedbackRoute({ anomalies: stores.anomalies, sink: feedbackSink, admission }),
    ...floodRoutes({ ...stores, clock, logger }),
    ...missedRoutes({ ...stores, sink: feedbackSink, admission, clock }),
    // Before the one anomaly of a path's id.
    worthAskingRoute({ ...stores, directory, clock }),
    ...anomalyRoutes(stores.anomalies),
    receiptRoute({ ...stores, directory, clock }),
    notificationRoute(stores.anomalies, { onAnnounced: webhooks.nudge, tracing }),
    ...coverageRoutes({ series: stores.series, directory, clock }),
    historyRoute({ history: stores.history, locator, detectors, clock }),
    ...modelRoutes({ ...stores, directory, clock }),
    trustRoute({ ...stores, directory, clock }),
    trainingRoute({ ...stores, directory }),
    trainingRecordRoute({ ...stores, directory }),
    ...upkeepRoutes({ ...stores, directory, blobs: parts.blobs }),
    ...versionRoutes({ ...stores, directory }),
    ...poolRoutes({ ...stores, directory, detectors, logger, extents: hubExtents(parts.dataSource, clock) }),
    rolloutRoute(stores),
    commandRoute(stores),
    ...webhooks.routes,
    ...deadLetters.routes,
  ];
  const app = createHttpApp({
    name: 'Verdict gateway',
    description: 'Send readings, read anomalies, give verdicts. Errors are RFC 9457 problems.',
    routes,
    verifyToken,
    verifyApiKey: authentication.verifyApiKey,
    metrics,
    logger,
    guard,
    corsOrigins,
    trustedProxies,
    ...(requests === undefined ? {} : { rateLimits: requestLimits(requests) }),
    health: parts.health,
    problemOf,
    tracing,
    pages: settings.dashboardDir === undefined ? undefined : dashboardFiles(settings.dashboardDir),
  });
  const server = createEdgeServer(app, {
    // Some clients offer `Upgrade: h2c` with every request: refused, they go on with HTTP/1.1.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  const live = await startLiveHub({
    ...stores,
    ...authentication,
    server,
    guard,
    corsOrigins,
    clock,
    logger,
    tracing,
    metrics,
    crash,
    directory,
    locator,
    detectors,
  });
  floodGauge(metrics, stores.answers, clock);
  publishGauges(metrics, platformFacts({ ...stores, directory, clock }), clock.nowMs);
  const background = startBackgroundWork(parts, { notes, directory, authentication, webhooks });
  return {
    server,
    async stop() {
      await Promise.all([live.stop(), background.stop(), webhooks.stop(), deadLetters.pruning.stop()]);
    },
    flush: () => notes.write(),
  };
}
