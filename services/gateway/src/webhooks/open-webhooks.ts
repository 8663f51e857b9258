import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type Logger,
  noTracing,
  type Registry,
  type Route,
  type Tracing,
} from '@verdict/process';
import type { DeliveryStore, WebhookQueue, WebhookStore } from '@verdict/storage';
import { type AllowedAddresses, addressGuard } from './address-guard.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { messageSender } from './message-sender.ts';
import { defaultSendPolicy, type SendPolicy } from './send-policy.ts';
import { startWebhookDispatcher, type WebhookDispatcher } from './webhook-dispatcher.ts';
import { dashboardLinks } from './webhook-message.ts';
import { webhookMetrics } from './webhook-metrics.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** What the ways out stand on. */
export interface WebhookParts {
  readonly stores: {
    readonly webhooks: WebhookStore;
    readonly webhookQueue: WebhookQueue;
    readonly deliveries: DeliveryStore;
  };
  readonly settings: {
    readonly allowed: AllowedAddresses;
    /** Where people reach the dashboard; without it nothing links to it. */
    readonly publicUrl: string | undefined;
    readonly policy?: Partial<SendPolicy>;
  };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly tracing?: Tracing;
  /** Ends the process: for bugs in background work. */
  readonly crash: (error: unknown) => void;
}

/** The ways out: what administers them, and what sends. Delivered messages are forgotten after a week, dead ones after a month. */
export interface Webhooks extends WebhookDispatcher {
  readonly routes: readonly Route[];
  dropOld(): Promise<void>;
}

const dayMs = 86_400_000;
const kept = { deliveredMs: 7 * dayMs, deadMs: 30 * dayMs };

/** Begins to send what waits. */
export function openWebhooks(parts: WebhookParts): Webhooks {
  const { stores, settings, clock, logger, crash, tracing = noTracing } = parts;
  const policy = { ...defaultSendPolicy, ...settings.policy };
  const guard = addressGuard(settings.allowed);
  const random = Math.random;
  const linkTo = dashboardLinks(settings.publicUrl);
  const sender = messageSender({ guard, linkTo, nowMs: clock.nowMs, policy, random, tracing });
  const dispatcher = startWebhookDispatcher({
    queue: stores.webhookQueue,
    sender,
    metrics: webhookMetrics(parts.metrics, () => stores.webhooks.list()),
    policy,
    random,
    clock,
    logger,
    crash,
    holder: randomUUID(),
  });
  const { nudge } = dispatcher;
  return {
    ...dispatcher,
    routes: [
      ...webhookRoutes({ ...stores, guard, sender, nudge, clock, logger }),
      ...deliveryRoutes({ ...stores, nudge, logger }),
    ],
    dropOld: () => stores.deliveries.dropOld(kept),
  };
}
