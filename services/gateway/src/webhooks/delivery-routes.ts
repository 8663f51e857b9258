import { DeliveriesPage, DeliveriesQuery, Redelivered, RedeliveryRequest } from '@verdict/contracts';
import { defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import type { DeliveryStore, WebhookStore } from '@verdict/storage';
import { notThere, WebhookPath } from './webhook-routes.ts';
import { deliveryView } from './webhook-view.ts';

/** What was told to webhooks and what could not be, and telling it again; for admins. */
export function deliveryRoutes(parts: {
  readonly webhooks: Pick<WebhookStore, 'target'>;
  readonly deliveries: DeliveryStore;
  /** There may be something to send. */
  readonly nudge: () => void;
  readonly logger: Logger;
}): Route[] {
  const { webhooks, deliveries, nudge, logger } = parts;
  const assertThere = async (name: string): Promise<void> => {
    if ((await webhooks.target(name)) === null) throw notThere(name);
  };
  return [
    defineRoute({
      method: 'get',
      path: '/webhooks/{name}/deliveries',
      tag: 'webhooks',
      summary: 'What a webhook was told, is to be told, and could not be told',
      description: 'Newest first. What was delivered is kept for 7 days, what was given up for 30.',
      roles: ['admin'],
      params: WebhookPath,
      query: DeliveriesQuery,
      response: DeliveriesPage,
      problems: { 404: 'There is no such webhook.' },
      handler: async ({ params: { name }, query }) => {
        await assertThere(name);
        const rows = await deliveries.list(name, { ...query, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit).map(deliveryView);
        const last = items.at(-1);
        return { items, next: rows.length > items.length && last !== undefined ? last.id : null };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/webhooks/{name}/redeliveries',
      tag: 'webhooks',
      summary: 'Send again what was given up, or one delivery that ended',
      roles: ['admin'],
      params: WebhookPath,
      body: RedeliveryRequest,
      response: Redelivered,
      status: 202,
      problems: { 404: 'There is no such webhook, or no such delivery that ended.' },
      handler: async ({ params: { name }, body, caller }) => {
        await assertThere(name);
        const which = 'delivery' in body ? body.delivery : 'dead';
        const count = await deliveries.redeliver(name, which, caller.name);
        if (count === 0 && which !== 'dead')
          throw new HttpProblem(404, { detail: `There is no delivery ${which} to ${name} that ended.` });
        logger.info({ webhook: name, which, count, by: caller.name }, 'deliveries are sent again');
        nudge();
        return { count };
      },
    }),
  ];
}
