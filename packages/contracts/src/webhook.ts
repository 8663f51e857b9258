import { z } from 'zod';
import { SignalContribution } from './anomaly.ts';
import { AnomalyId } from './feedback.ts';
import { IsoTime, ResourceName, SeriesKey } from './names.ts';

/** What an address understands: our signed messages, or alerts of an Alertmanager (API v2). */
export const WebhookKind = z.enum(['webhook', 'alertmanager']);
export type WebhookKind = z.infer<typeof WebhookKind>;

/** Key of a model, `namespace/name`; without a namespace, of `default`. */
const ModelKey = z
  .string()
  .max(127)
  .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\/)?[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'a model, or namespace/model')
  .transform((key) => (key.includes('/') ? key : `default/${key}`));

/** Labels that tell alerts apart, and are ours alone. */
const ownLabels: ReadonlySet<string> = new Set([
  'alertname',
  'namespace',
  'model',
  'pool',
  'series',
  'anomaly',
]);

const AlertLabels = z
  .record(
    z
      .string()
      .max(100)
      .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'letters, digits and "_", as Prometheus has it')
      .refine((name) => !ownLabels.has(name) && !name.startsWith('__'), 'is a label of ours'),
    z.string().min(1).max(200),
  )
  .refine((labels) => Object.keys(labels).length <= 20, 'at most 20 labels');

/** Body of `POST /webhooks`. */
export const WebhookRequest = z
  .strictObject({
    name: ResourceName,
    kind: WebhookKind.default('webhook'),
    /** Where messages are posted; of an Alertmanager, where it is (`/api/v2/alerts` is added). */
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .refine((text) => hasNoLogIn(text), 'has no user or password in it: give `authorization`'),
    /** Models whose anomalies are told; none = of every model. */
    models: z.array(ModelKey).max(100).default([]),
    /** Further labels of its alerts, such as `severity`; only for an Alertmanager. */
    labels: AlertLabels.default({}),
    /** Value of the header `Authorization` that goes along, such as `Bearer …`. Shown to nobody. */
    authorization: z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[\x20-\x7e]+$/, 'has printable characters only')
      .optional(),
  })
  .refine(({ kind, labels }) => kind === 'alertmanager' || Object.keys(labels).length === 0, {
    path: ['labels'],
    message: 'are for an Alertmanager',
  });
export type WebhookRequest = z.input<typeof WebhookRequest>;

function hasNoLogIn(text: string): boolean {
  const url = URL.parse(text);
  return url === null || (url.username === '' && url.password === '');
}

/** Where a message to a webhook stands. */
export const DeliveryState = z.enum(['waiting', 'delivered', 'dead']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** A webhook without its secrets. Times are ISO. */
export const WebhookView = z.object({
  name: ResourceName,
  kind: WebhookKind,
  url: z.string(),
  models: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  /** `failing` = its last try failed; `disabled` = nothing is sent until a test succeeds. */
  state: z.enum(['active', 'failing', 'disabled']),
  /** Whether a header `Authorization` goes along. */
  authorization: z.boolean(),
  createdBy: z.string(),
  createdAt: z.string(),
  waiting: z.int().nonnegative(),
  dead: z.int().nonnegative(),
  /** null = never yet. */
  lastDeliveredAt: z.string().nullable(),
  lastFailure: z.object({ at: z.string(), message: z.string() }).nullable(),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** Answer of `GET /webhooks`. */
export const WebhookList = z.object({ items: z.array(WebhookView) });
export type WebhookList = z.infer<typeof WebhookList>;

/** Answer of `POST /webhooks`. */
export const WebhookCreated = z.object({
  /** With which its messages are signed, `whsec_…`: shown this once. null for an Alertmanager. */
  secret: z.string().nullable(),
  view: WebhookView,
});
export type WebhookCreated = z.infer<typeof WebhookCreated>;

/** Answer of `DELETE /webhooks/{name}`. */
export const WebhookRemoved = z.object({ name: z.string() });
export type WebhookRemoved = z.infer<typeof WebhookRemoved>;

/** Body of `POST /webhooks/{name}/rotations`. */
export const WebhookRotation = z.strictObject({
  /** How long messages are signed with the old secret too. Default: a day. */
  overlapHours: z
    .number()
    .min(0)
    .max(24 * 90)
    .default(24),
});
export type WebhookRotation = z.input<typeof WebhookRotation>;

/** Answer of it. */
export const WebhookRotated = z.object({ secret: z.string() });
export type WebhookRotated = z.infer<typeof WebhookRotated>;

/** Answer of `POST /webhooks/{name}/tests`: what became of one message, sent while you wait. */
export const WebhookTested = z.object({
  delivered: z.boolean(),
  /** What the receiver answered; null when it did not. */
  status: z.int().nullable(),
  /** A sentence for people. */
  message: z.string(),
  tookMs: z.number().nonnegative(),
});
export type WebhookTested = z.infer<typeof WebhookTested>;

/** One message to one webhook, and how it fared. */
export const Delivery = z.object({
  id: z.int().positive(),
  anomalyId: AnomalyId,
  type: z.enum(['anomaly.opened', 'anomaly.closed']),
  state: DeliveryState,
  attempts: z.int().nonnegative(),
  createdAt: z.string(),
  /** When it is tried next, while it waits. */
  dueAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** What the receiver answered last; null when it did not. */
  status: z.int().nullable(),
  /** Why the last attempt failed. */
  message: z.string().nullable(),
});
export type Delivery = z.infer<typeof Delivery>;

/** Query of `GET /webhooks/{name}/deliveries`: newest first. */
export const DeliveriesQuery = z.strictObject({
  state: DeliveryState.optional(),
  /** Continues a listing: `next` of the earlier page. */
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export type DeliveriesQuery = z.output<typeof DeliveriesQuery>;

/** Answer of it. */
export const DeliveriesPage = z.object({
  items: z.array(Delivery),
  next: z.int().positive().nullable(),
});
export type DeliveriesPage = z.infer<typeof DeliveriesPage>;

/** Body of `POST /webhooks/{name}/redeliveries`: one delivery that ended, or all that are dead. */
export const RedeliveryRequest = z.union([
  z.strictObject({ delivery: z.int().positive() }),
  z.strictObject({ all: z.literal('dead') }),
]);
export type RedeliveryRequest = z.infer<typeof RedeliveryRequest>;

/** Answer of it: how many are on their way again. */
export const Redelivered = z.object({ count: z.int().nonnegative() });
export type Redelivered = z.infer<typeof Redelivered>;

/** Body of a message to a webhook. Its anomaly is as it is when the message is sent: the higher `revision` is newer. */
export const WebhookMessage = z.object({
  type: z.enum(['anomaly.opened', 'anomaly.closed', 'webhook.test']),
  /** When it happened, by the platform's clock. */
  timestamp: IsoTime,
  data: z.object({
    /** null in a test. */
    anomaly: z
      .object({
        id: AnomalyId,
        namespace: ResourceName,
        model: ResourceName,
        modelVersion: z.int().nonnegative(),
        pool: ResourceName,
        series: SeriesKey,
        state: z.enum(['open', 'closed']),
        start: IsoTime,
        /** Of the last anomalous reading so far. */
        end: IsoTime,
        peak: z.object({ time: IsoTime, score: z.number() }),
        /** Most contributing first. */
        signals: z.array(SignalContribution),
        revision: z.int().positive(),
      })
      .nullable(),
    /** The anomaly in the dashboard; null where nobody said where that is. */
    url: z.string().nullable(),
  }),
});
export type WebhookMessage = z.infer<typeof WebhookMessage>;
