import type { LeaseStore } from '@verdict/streams';
import type { Database } from './database/open-database.ts';
import type { ApiKeyStore, SessionStore } from './ports/access-stores.ts';
import type { AnswerStore } from './ports/answer-store.ts';
import type { DeadLetterStore } from './ports/dead-letter-store.ts';
import type {
  LabelStore,
  OverlayStore,
  RolloutStore,
  TrustStore,
  VersionStore,
} from './ports/feedback-loop-stores.ts';
import type { PartitionStore } from './ports/partition-store.ts';
import type {
  AnomalyStore,
  ChangeFeed,
  FeedbackStore,
  HistoryStore,
  SeriesStore,
  UserStore,
} from './ports/query-stores.ts';
import type { PlanStore, RegistryStore } from './ports/registry-store.ts';
import type { UpkeepStore } from './ports/upkeep-store.ts';
import type { DeliveryStore, WebhookQueue, WebhookStore } from './ports/webhook-stores.ts';
import { postgresAnomalyStore } from './stores/anomaly/postgres-anomaly-store.ts';
import { postgresAnswerStore } from './stores/answers/postgres-answer-store.ts';
import { postgresPartitionStore } from './stores/partition/postgres-partition-store.ts';
import { postgresApiKeyStore } from './stores/postgres-api-key-store.ts';
import { postgresChangeFeed } from './stores/postgres-change-feed.ts';
import { postgresDeadLetterStore } from './stores/postgres-dead-letter-store.ts';
import { postgresFeedbackStore } from './stores/postgres-feedback-store.ts';
import {
  type HistoryCompaction,
  type HistoryRetention,
  postgresHistoryStore,
} from './stores/postgres-history-store.ts';
import { postgresLabelStore } from './stores/postgres-label-store.ts';
import { postgresLeaseStore } from './stores/postgres-lease-store.ts';
import { postgresOverlayStore } from './stores/postgres-overlay-store.ts';
import { postgresPlanStore } from './stores/postgres-plan-store.ts';
import { postgresRegistryStore } from './stores/postgres-registry-store.ts';
import { postgresRolloutStore } from './stores/postgres-rollout-store.ts';
import { postgresSeriesStore } from './stores/postgres-series-store.ts';
import { postgresSessionStore } from './stores/postgres-session-store.ts';
import { postgresTrustStore } from './stores/postgres-trust-store.ts';
import { postgresUpkeepStore } from './stores/postgres-upkeep-store.ts';
import { postgresUserStore } from './stores/postgres-user-store.ts';
import { postgresVersionStore } from './stores/postgres-version-store.ts';
import { postgresDeliveryStore } from './stores/webhook/postgres-delivery-store.ts';
import { postgresWebhookQueue } from './stores/webhook/postgres-webhook-queue.ts';
import { postgresWebhookStore } from './stores/webhook/postgres-webhook-store.ts';

/** Every store on one database. */
export interface Stores {
  readonly leases: LeaseStore;
  readonly partitions: PartitionStore;
  readonly registry: RegistryStore;
  readonly plans: PlanStore;
  readonly anomalies: AnomalyStore;
  readonly history: HistoryStore & HistoryRetention & HistoryCompaction;
  readonly series: SeriesStore;
  readonly feedback: FeedbackStore;
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly apiKeys: ApiKeyStore;
  readonly answers: AnswerStore;
  readonly changes: ChangeFeed;
  readonly overlays: OverlayStore;
  readonly labels: LabelStore;
  readonly trust: TrustStore;
  readonly rollouts: RolloutStore;
  readonly versions: VersionStore;
  readonly upkeep: UpkeepStore;
  readonly webhooks: WebhookStore;
  readonly webhookQueue: WebhookQueue;
  readonly deliveries: DeliveryStore;
  readonly deadLetters: DeadLetterStore;
}

/** Makes all stores; nothing is connected before it is used. `changes` takes a connection of its own per listener. */
export function openStores(db: Database): Stores {
  return {
    leases: postgresLeaseStore(db),
    partitions: postgresPartitionStore(db),
    registry: postgresRegistryStore(db),
    plans: postgresPlanStore(db),
    anomalies: postgresAnomalyStore(db),
    history: postgresHistoryStore(db),
    series: postgresSeriesStore(db),
    feedback: postgresFeedbackStore(db),
    users: postgresUserStore(db),
    sessions: postgresSessionStore(db),
    apiKeys: postgresApiKeyStore(db),
    answers: postgresAnswerStore(db),
    changes: postgresChangeFeed(db),
    overlays: postgresOverlayStore(db),
    labels: postgresLabelStore(db),
    trust: postgresTrustStore(db),
    rollouts: postgresRolloutStore(db),
    versions: postgresVersionStore(db),
    upkeep: postgresUpkeepStore(db),
    webhooks: postgresWebhookStore(db),
    webhookQueue: postgresWebhookQueue(db),
    deliveries: postgresDeliveryStore(db),
    deadLetters: postgresDeadLetterStore(db),
  };
}
