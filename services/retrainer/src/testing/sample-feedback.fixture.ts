import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedbackEvent, MissedEvent } from '@verdict/contracts';

/** A verdict of its own. */
export function sampleVerdict(change: Partial<FeedbackEvent> = {}): FeedbackEvent {
  return {
    version: 1,
    feedbackId: randomUUID(),
    anomalyId: '0f1e2d3c4b5a69788796a5b4',
    verdict: 'false',
    person: 'ada',
    at: 1_700_000_000_000,
    ...change,
  };
}

/** A report of its own. */
export function sampleMissed(change: Partial<MissedEvent> = {}): MissedEvent {
  return {
    version: 1,
    kind: 'missed',
    reportId: randomUUID(),
    withdrawn: false,
    series: 'shop/cart',
    from: 1_700_000_000_000,
    to: 1_700_000_060_000,
    person: 'ada',
    at: 1_700_000_100_000,
    ...change,
  };
}

/** An event's body as the gateway sends it; text is sent as it is. */
export function bodyOf(content: FeedbackEvent | MissedEvent | string): Uint8Array {
  return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
}

/** Resolves when the check holds, and fails when it does not within 20 s. */
export async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 20_000;
  while (!(await check())) {
    assert.ok(performance.now() < untilMs, 'it did not come to be in time');
    await sleep(25);
  }
}
