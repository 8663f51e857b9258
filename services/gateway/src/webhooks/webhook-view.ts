import type { Delivery, WebhookView } from '@verdict/contracts';
import type { DeliveryRow, WebhookRow } from '@verdict/storage';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A webhook as it crosses the HTTP border. */
export function webhookView(row: WebhookRow): WebhookView {
  const { disabledWhy, failures, deliveredAtMs, failedAtMs, failure } = row;
  return {
    name: row.name,
    kind: row.kind,
    url: row.url,
    models: [...row.models],
    labels: { ...row.labels },
    state: disabledWhy !== null ? 'disabled' : failures > 0 ? 'failing' : 'active',
    authorization: row.authorized,
    createdBy: row.createdBy,
    createdAt: iso(row.createdAtMs),
    waiting: row.waiting,
    dead: row.dead,
    lastDeliveredAt: deliveredAtMs === null ? null : iso(deliveredAtMs),
    lastFailure: failedAtMs === null ? null : { at: iso(failedAtMs), message: failure ?? '' },
  };
}

/** A delivery as it crosses the HTTP border. */
export function deliveryView(row: DeliveryRow): Delivery {
  const { id, anomalyId, kind, state, attempts, createdAtMs, dueAtMs, endedAtMs, status, message } = row;
  return {
    id,
    anomalyId,
    type: `anomaly.${kind}`,
    state,
    attempts,
    createdAt: iso(createdAtMs),
    dueAt: state === 'waiting' ? iso(dueAtMs) : null,
    endedAt: endedAtMs === null ? null : iso(endedAtMs),
    status,
    message,
  };
}
