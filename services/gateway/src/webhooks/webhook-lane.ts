import type { Anomaly } from '@verdict/contracts';
import type { Logger } from '@verdict/process';
import type { ClaimedDelivery, WebhookHold, WebhookQueue, WebhookTarget } from '@verdict/storage';
import type { MessageSender } from './message-sender.ts';
import { healthOf, type Outcome, type SendPolicy, settlementOf } from './send-policy.ts';
import type { WebhookMetrics } from './webhook-metrics.ts';

/** What a lane needs. */
export interface WebhookLaneParts {
  readonly queue: WebhookQueue;
  readonly sender: MessageSender;
  readonly metrics: WebhookMetrics;
  readonly policy: SendPolicy;
  readonly random: () => number;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
}

/** How a lane ends early. */
export interface LaneEnd {
  /** Nothing more is begun. */
  readonly ending: AbortSignal;
  /** What is under way is broken off, and tried again later. */
  readonly cut: AbortSignal;
}

/** Open anomalies that an Alertmanager is told again of: the newest, and so many in one request. */
const mostOpen = 2000;
const openAtOnce = 100;

/**
 * Sends what one webhook is to be told, until nothing is due, the hold is lost or it is to end. One lane has one
 * webhook to itself, in this process and all others, so it keeps the order; and whatever that webhook does, the other
 * lanes go on. Rejects with `DatabaseUnavailable`.
 */
export async function runLane(parts: WebhookLaneParts, hold: WebhookHold, end: LaneEnd): Promise<void> {
  const { queue, policy } = parts;
  try {
    const open = await queue.claimOpen(hold, { everyMs: policy.refreshMs, limit: mostOpen });
    if (open !== null && !(await tellOpen(parts, { ...open, hold }, end.cut))) return;
    while (!end.ending.aborted) {
      const claimed = await queue.claim(hold, policy.atOnce);
      if (claimed === null || claimed.deliveries.length === 0) return;
      await tellAll(parts, { ...claimed, hold }, end.cut);
    }
  } finally {
    await queue.release(hold);
  }
}

/** A webhook, and by what right it is sent to. */
interface Held {
  readonly target: WebhookTarget;
  readonly hold: WebhookHold;
}

async function tellAll(
  parts: WebhookLaneParts,
  { target, deliveries, hold }: { deliveries: readonly ClaimedDelivery[] } & Held,
  cut: AbortSignal,
): Promise<void> {
  const { queue, sender, policy, random, metrics } = parts;
  const outcomes = await Promise.all(
    deliveries.map((delivery) => measured(parts, target, () => sender.tell(target, delivery, cut))),
  );
  const settlements = deliveries.map((delivery, index) =>
    settlementOf(delivery, outcomes[index] ?? { kind: 'broken off' }, policy, random),
  );
  const health = healthOf(target, outcomes, policy, random);
  await queue.settle(settlements, health && { ...health, holder: hold.holder });
  const dead = settlements.filter(({ state }) => state === 'dead').length;
  if (dead > 0) metrics.gaveUp(target.name, dead);
}

/** False when it failed: then it is left alone for a while. */
async function tellOpen(
  parts: WebhookLaneParts,
  { target, anomalies, hold }: { anomalies: readonly Anomaly[] } & Held,
  cut: AbortSignal,
): Promise<boolean> {
  const { queue, sender, policy, random } = parts;
  for (let start = 0; start < anomalies.length; start += openAtOnce) {
    const part = anomalies.slice(start, start + openAtOnce);
    const outcome = await measured(parts, target, () => sender.tellOpen(target, part, cut));
    if (outcome.kind === 'delivered') continue;
    const health = healthOf(target, [outcome], policy, random);
    await queue.settle([], health && { ...health, holder: hold.holder });
    return false;
  }
  const isBack = target.failures > 0 && anomalies.length > 0;
  const well = { ...hold, failure: null, pauseMs: 0, disabledWhy: null };
  if (isBack) await queue.settle([], well);
  return true;
}

async function measured(
  { metrics, monotonicMs, logger }: WebhookLaneParts,
  { name }: WebhookTarget,
  send: () => Promise<Outcome>,
): Promise<Outcome> {
  const startedMs = monotonicMs();
  const outcome = await send();
  if (outcome.kind === 'delivered' || outcome.kind === 'failed')
    metrics.attempted(name, outcome.kind, (monotonicMs() - startedMs) / 1000);
  // Without its address: that may be a secret.
  if (outcome.kind === 'failed')
    logger.warn({ webhook: name, status: outcome.status, reason: outcome.message }, 'a webhook failed');
  return outcome;
}
