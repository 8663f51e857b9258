import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';
import type { WebhookRow } from '@verdict/storage';
import { unlessDatabaseAway } from '../unless-database-away.ts';

/** What is counted of ways out. */
export interface WebhookMetrics {
  /** An attempt ended. */
  attempted(webhook: string, outcome: 'delivered' | 'failed', seconds: number): void;
  /** Messages were given up. */
  gaveUp(webhook: string, count: number): void;
}

/** Registers the metrics; `list` is asked at each scrape, so that every replica tells the same of what waits. */
export function webhookMetrics(registry: Registry, list: () => Promise<WebhookRow[]>): WebhookMetrics {
  const attempts = new Counter({
    name: 'verdict_gateway_webhook_attempts_total',
    help: 'Attempts to tell a webhook or an Alertmanager, by what came of them',
    labelNames: ['webhook', 'outcome'] as const,
    registers: [registry],
  });
  const dead = new Counter({
    name: 'verdict_gateway_webhook_dead_total',
    help: 'Messages to a webhook that were given up',
    labelNames: ['webhook'] as const,
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'verdict_gateway_webhook_attempt_seconds',
    help: 'Time that an attempt took, from the look-up of the name to the end of the answer',
    labelNames: ['webhook'] as const,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10],
    registers: [registry],
  });
  gauge(registry, list, {
    name: 'verdict_gateway_webhook_waiting',
    help: 'Messages that a webhook is still to be sent',
    figure: ({ waiting }) => waiting,
  });
  gauge(registry, list, {
    name: 'verdict_gateway_webhook_waiting_seconds',
    help: 'How long the oldest of them has waited; 0 when none waits',
    figure: ({ waitingMs }) => (waitingMs ?? 0) / 1000,
  });
  return {
    attempted(webhook, outcome, seconds) {
      attempts.inc({ webhook, outcome });
      duration.observe({ webhook }, seconds);
    },
    gaveUp: (webhook, count) => dead.inc({ webhook }, count),
  };
}

function gauge(
  registry: Registry,
  list: () => Promise<WebhookRow[]>,
  { name, help, figure }: { name: string; help: string; figure: (row: WebhookRow) => number },
): void {
  new Gauge({
    name,
    help,
    labelNames: ['webhook'],
    registers: [registry],
    async collect() {
      const rows = await unlessDatabaseAway(list(), []);
      this.reset();
      for (const row of rows) this.set({ webhook: row.name }, figure(row));
    },
  });
}
