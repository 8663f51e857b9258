import type { DoorRules } from '@verdict/contracts';
import type { Clock, HealthChecks, Logger, Registry, Tracing, VerifyToken } from '@verdict/process';
import type {
  BlobStore,
  DeadLetterStore,
  HistoryRetention,
  HistoryStore,
  RolloutStore,
  Stores,
} from '@verdict/storage';
import type { EventSink, EventSource } from '@verdict/streams';
import type { OidcWay } from './auth/oidc/oidc-routes.ts';
import type { SigningKeys } from './auth/signing-keys.ts';
import type { AnswerLimits } from './feedback/answer-admission.ts';
import type { RequestLimits } from './limits/request-limits.ts';
import type { WebhookParts } from './webhooks/open-webhooks.ts';

/** Everything that the gateway stands on. */
export interface GatewayParts {
  readonly stores: Pick<
    Stores,
    | 'anomalies'
    | 'series'
    | 'users'
    | 'sessions'
    | 'apiKeys'
    | 'answers'
    | 'registry'
    | 'plans'
    | 'changes'
    | 'overlays'
    | 'labels'
    | 'trust'
    | 'rollouts'
    | 'versions'
    | 'upkeep'
    | 'deadLetters'
  > & { readonly history: HistoryStore };
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
