import {
  DeliveriesPage,
  type DeliveriesQuery,
  Redelivered,
  type RedeliveryRequest,
  WebhookCreated,
  WebhookList,
  WebhookRemoved,
  type WebhookRequest,
  WebhookRotated,
  type WebhookRotation,
  WebhookTested,
  type WebhookView,
} from '@verdict/contracts';
import type { z } from 'zod';
import type { Call } from './platform-call.ts';
import { queryString } from './query-string.ts';

/** Addresses that are told of anomalies (role admin). */
export interface WebhookCalls {
  webhooks(): Promise<WebhookView[]>;
  /** Makes one; its secret is in this answer and nowhere else. */
  createWebhook(request: WebhookRequest): Promise<WebhookCreated>;
  /** With what it was still to be told. */
  removeWebhook(name: string): Promise<void>;
  /** Makes a new secret; messages are signed with the old one too for the overlap. */
  rotateWebhook(name: string, rotation: WebhookRotation): Promise<WebhookRotated>;
  /** Sends a test and gives what came of it. */
  testWebhook(name: string): Promise<WebhookTested>;
  /** Newest first. */
  deliveries(name: string, query?: Partial<DeliveriesQuery>): Promise<DeliveriesPage>;
  /** Sends again what ended; gives how many are on their way. */
  redeliver(name: string, request: RedeliveryRequest): Promise<Redelivered>;
}

/** The calls, by whatever sends and understands them. */
export function webhookCalls(ask: <T>(schema: z.ZodType<T>, call: Call) => Promise<T>): WebhookCalls {
  const pathOf = (name: string, rest = '') => `/webhooks/${encodeURIComponent(name)}${rest}`;
  // Not repeated after a lost answer: a secret that nobody saw would be in force, or a test sent twice.
  const post = (path: string, body?: unknown): Call => ({
    method: 'POST',
    path,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    repeatable: false,
  });
  return {
    webhooks: async () => (await ask(WebhookList, { method: 'GET', path: '/webhooks' })).items,
    createWebhook: (request) => ask(WebhookCreated, post('/webhooks', request)),
    async removeWebhook(name) {
      await ask(WebhookRemoved, { method: 'DELETE', path: pathOf(name), repeatable: false });
    },
    rotateWebhook: (name, rotation) => ask(WebhookRotated, post(pathOf(name, '/rotations'), rotation)),
    testWebhook: (name) => ask(WebhookTested, post(pathOf(name, '/tests'))),
    deliveries: (name, query = {}) =>
      ask(DeliveriesPage, { method: 'GET', path: pathOf(name, '/deliveries') + queryString(query) }),
    redeliver: (name, request) => ask(Redelivered, post(pathOf(name, '/redeliveries'), request)),
  };
}
