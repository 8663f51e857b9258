import type { Server } from 'node:http';
import type { DoorRules } from '@verdict/contracts';
import {
  type Clock,
  createEdgeServer,
  createHttpApp,
  type HealthChecks,
  hostGuard,
  type Logger,
  noTracing,
  type Registry,
  type Tracing,
  type VerifyToken,
} from '@verdict/process';
import type {
  AnomalyStore,
  AnswerStore,
  ApiKeyStore,
  BlobStore,
  ChangeFeed,
  DeadLetterStore,
  HistoryRetention,
  HistoryStore,
  LabelStore,
  OverlayStore,
  PlanStore,
  RegistryStore,
  RolloutStore,
  SeriesStore,
  SessionStore,
  TrustStore,
  UpkeepStore,
  UserStore,
  VersionStore,
} from '@verdict/storage';
import type { EventSink, EventSource } from '@verdict/streams';
import { anomalyRoutes } from './anomalies/anomaly-routes.ts';
import { notificationRoute } from './anomalies/notification-route.ts';
import { worthAskingRoute } from './anomalies/worth-asking-route.ts';
import { openAuthentication } from './auth/authentication.ts';
import type { OidcWay } from './auth/oidc/oidc-routes.ts';
import type { SigningKeys } from './auth/signing-keys.ts';
import { coverageRoutes } from './coverage/coverage-routes.ts';
import { dashboardFiles } from './dashboard-files/dashboard-files.ts';
import { openDeadLetters } from './dead-letters/open-dead-letters.ts';
import { detectorClient } from './detectors/detector-client.ts';
import { seriesLocator } from './detectors/series-locator.ts';
import { readingDoors } from './doors/reading-doors.ts';
import { type AnswerLimits, answerAdmission } from './feedback/answer-admission.ts';
import { feedbackRoute } from './feedback/feedback-route.ts';
import { floodGauge } from './feedback/flood-gauge.ts';
import { floodRoutes } from './feedback/flood-routes.ts';
import { tracedSink } from './feedback/traced-sink.ts';
import { type RequestLimits, requestLimits } from './limits/request-limits.ts';
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
import { repeat } from './repeat.ts';
import { commandRoute } from './rollouts/command-route.ts';
import { rolloutRoute } from './rollouts/rollout-route.ts';
import { historyRoute } from './series/history-route.ts';
import { platformFacts } from './trust/platform-facts.ts';
import { publishGauges } from './trust/publish-gauges.ts';
import { trustRoute } from './trust/trust-route.ts';
import { openWebhooks, type WebhookParts } from './webhooks/open-webhooks.ts';

/** Everything that the gateway stands on. */
export interface GatewayParts {
  readonly stores: {
    readonly anomalies: AnomalyStore;
    readonly history: HistoryStore;
    readonly series: SeriesStore;
    readonly users: UserStore;
    readonly sessions: SessionStore;
    readonly apiKeys: ApiKeyStore;
    readonly answers: AnswerStore;
    readonly registry: RegistryStore;
    readonly plans: PlanStore;
    readonly changes: ChangeFeed;
    readonly overlays: OverlayStore;
    readonly labels: LabelStore;
    readonly trust: TrustStore;
    readonly rollouts: RolloutStore;
    readonly versions: VersionStore;
    readonly upkeep: UpkeepStore;
    readonly deadLetters: DeadLetterStore;
  };
  /** Where artefacts of models lie; null = it was not said, and nothing of them can be deleted. */
  readonly blobs: Pick<BlobStore, 'list' | 'delete'> | null;
  /** What forgets: with more patience than requests have. */
  readonly retention: HistoryRetention &
    Pick<RolloutStore, 'dropOldFigures'> &
    Pick<DeadLetterStore, 'prune'>;
  /** What waits for webhooks: on connections of their own, so that requests never wait for them. */
  readonly webhookStores: WebhookParts['stores'];
  readonly dataSink: EventSink;
  readonly dataSource: EventSource;
  readonly feedbackSink: EventSink;
  readonly signingKeys: SigningKeys;
  /** Checks of tokens that others give, by their issuer. */
  readonly otherIssuers?: ReadonlyMap<string, VerifyToken>;
  /** How people come in through an identity provider. */
  readonly oidcWay?: OidcWay | null;
  readonly health: HealthChecks;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the process: for bugs in background work. */
  readonly crash: (error: unknown) => void;
  readonly metrics: Registry;
  readonly tracing?: Tracing;
  readonly settings: {
    readonly retentionMs: number;
    readonly maxInFlightBytes: number;
    /** How samples of Prometheus and OpenTelemetry become readings. */
    readonly doorRules: DoorRules;
    readonly loginsPerMinute: number;
    /** How much one person may answer, and how fast it is learnt from unseen. */
    readonly answers: AnswerLimits;
    readonly allowedHosts: readonly string[];
    /** Origins of pages elsewhere that may read answers; none without it. */
    readonly corsOrigins?: readonly string[];
    /** Proxies whose `X-Forwarded-For` is believed; none without it. */
    readonly trustedProxies?: readonly string[];
    /** Requests per minute; any number without it. */
    readonly requests?: RequestLimits;
    readonly dashboardDir: string | undefined;
    readonly webhooks: WebhookParts['settings'];
  };
}

/** A gateway whose server does not listen yet. */
export interface Gateway {
  readonly server: Server;
  /** Ends connections and background work; call it before closing the server. */
  stop(): Promise<void>;
  /** Writes what was only noted; call it after the last request. */
  flush(): Promise<void>;
}

const noteEveryMs = 3000;
const directoryEveryMs = 2000;
/** Well within the time that a new key is published before it signs. */
const keysEveryMs = 15_000;
const retentionEveryMs = 3_600_000;
/** Figures of versions that nothing names any more are shown for so long after they changed last. */
const figuresKeptMs = 30 * 86_400_000;
/** A little more than what is looked back at. */
const paceKeptMs = 31 * 86_400_000;
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
  const writing = repeat(() => notes.write(), {
    name: 'writing notes of the door',
    everyMs: noteEveryMs,
    clock,
    logger,
    crash,
  });
  const refreshing = repeat(async () => void (await directory.current()), {
    name: 'reading the models',
    everyMs: directoryEveryMs,
    clock,
    logger,
    crash,
  });
  const rereading = repeat(() => parts.signingKeys.reload(), {
    name: 'reading the signing keys',
    everyMs: keysEveryMs,
    clock,
    logger,
    crash,
  });
  const forgetting = repeat(
    async () => {
      const nowMs = clock.nowMs();
      await parts.retention.dropOldHistory(nowMs - settings.retentionMs);
      await parts.retention.dropOldFigures(nowMs - figuresKeptMs);
      await authentication.dropOld();
      await stores.answers.dropOldPace(nowMs - paceKeptMs);
      await webhooks.dropOld();
    },
    { name: 'dropping old history', everyMs: retentionEveryMs, clock, logger, crash },
  );
  return {
    server,
    async stop() {
      await Promise.all([
        live.stop(),
        writing.stop(),
        refreshing.stop(),
        rereading.stop(),
        forgetting.stop(),
        webhooks.stop(),
        deadLetters.pruning.stop(),
      ]);
    },
    flush: () => notes.write(),
  };
}
