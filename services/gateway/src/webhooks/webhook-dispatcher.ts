import type { Clock, Logger } from '@verdict/process';
import { DatabaseUnavailable, type WebhookQueue } from '@verdict/storage';
import { type Repetition, repeat } from '../repeat.ts';
import type { SendPolicy } from './send-policy.ts';
import { runLane, type WebhookLaneParts } from './webhook-lane.ts';

/** Sends what waits for webhooks. */
export interface WebhookDispatcher {
  /** There may be something new. */
  nudge(): void;
  /** Ends; what is under way may still end well for a moment. */
  stop(): Promise<void>;
}

/** What dispatching needs. */
export interface WebhookDispatcherParts extends Omit<WebhookLaneParts, 'monotonicMs'> {
  readonly queue: WebhookQueue;
  readonly policy: SendPolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly crash: (error: unknown) => void;
  /** Names this gateway among all. */
  readonly holder: string;
}

/** Another gateway may have announced something, and waits end. */
const lookEveryMs = 1000;
const giveUpEveryMs = 30_000;
const stopWithinMs = 2000;

/**
 * Looks every second, and when nudged, for webhooks that are to be told something, and lets each have a lane of its own. A
 * webhook that is slow or broken holds up nobody but itself.
 */
export function startWebhookDispatcher(parts: WebhookDispatcherParts): WebhookDispatcher {
  const { queue, policy, clock, crash, holder, logger, metrics } = parts;
  const ending = new AbortController();
  const cut = new AbortController();
  const ends = { ending: ending.signal, cut: cut.signal };
  const lanes = new Map<string, Promise<void>>();
  /** Taken anew while their lane was just ending. */
  const again = new Set<string>();
  const open = (name: string): void => {
    if (lanes.has(name)) {
      again.add(name);
      return;
    }
    const hold = { name, holder, leaseMs: policy.leaseMs };
    const lane = runLane({ ...parts, monotonicMs: clock.monotonicMs }, hold, ends)
      .catch((error: unknown) => {
        if (!(error instanceof DatabaseUnavailable)) crash(error);
        else
          logger.warn({ err: error, webhook: name }, 'sending to a webhook was broken off; it goes on later');
      })
      .finally(() => {
        lanes.delete(name);
        if (again.delete(name)) open(name);
      });
    lanes.set(name, lane);
  };
  const common = { clock, logger, crash };
  const looking: Repetition = repeat(
    async () => {
      for (const name of await queue.take(holder, policy.leaseMs)) open(name);
    },
    { ...common, name: 'looking for what webhooks are to be told', everyMs: lookEveryMs },
  );
  const givingUp = repeat(
    async () => {
      for (const [name, count] of await queue.giveUp(policy)) {
        metrics.gaveUp(name, count);
        logger.warn({ webhook: name, count }, 'messages to a webhook were given up');
      }
    },
    { ...common, name: 'giving up what waits for too long', everyMs: giveUpEveryMs },
  );
  return {
    nudge: () => looking.nudge(),
    async stop() {
      ending.abort();
      await Promise.all([looking.stop(), givingUp.stop()]);
      const timer = setTimeout(() => cut.abort(), stopWithinMs);
      // Lanes that are opened again on the way end at once.
      while (lanes.size > 0) await Promise.all(lanes.values());
      clearTimeout(timer);
    },
  };
}
