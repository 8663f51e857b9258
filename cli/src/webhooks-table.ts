import type { Delivery, WebhookView } from '@verdict/contracts';
import { fittingTable } from './table.ts';

const minute = (time: string | null) => time?.slice(0, 16).replace('T', ' ') ?? '-';

/** Webhooks as a table; times in UTC. */
export function webhooksTable(webhooks: readonly WebhookView[]): string {
  if (webhooks.length === 0) return 'Nobody is told. Make a webhook with "verdict webhooks add NAME URL".';
  const heading = ['NAME', 'KIND', 'STATE', 'MODELS', 'WAITING', 'DEAD', 'LAST TOLD', 'URL', 'LAST FAILURE'];
  return fittingTable(
    heading,
    webhooks.map(({ name, kind, state, models, waiting, dead, lastDeliveredAt, url, lastFailure }) => [
      name,
      kind,
      state,
      models.length === 0 ? 'all' : models.join(','),
      String(waiting),
      String(dead),
      minute(lastDeliveredAt),
      url,
      lastFailure === null ? '-' : `${minute(lastFailure.at)} ${lastFailure.message}`,
    ]),
  );
}

/** Deliveries as a table; times in UTC. */
export function deliveriesTable(deliveries: readonly Delivery[]): string {
  if (deliveries.length === 0) return 'There are no such deliveries.';
  const heading = ['ID', 'STATE', 'TYPE', 'ANOMALY', 'TRIES', 'SINCE', 'NEXT TRY', 'ANSWER'];
  return fittingTable(
    heading,
    deliveries.map(({ id, state, type, anomalyId, attempts, createdAt, dueAt, status, message }) => [
      String(id),
      state,
      type,
      anomalyId,
      String(attempts),
      minute(createdAt),
      minute(dueAt),
      message ?? (status === null ? '-' : String(status)),
    ]),
  );
}
