import type { ReadingInput } from '@verdict/contracts';
import type { ClientClock } from '@verdict/platform-client';
import type { Shop } from '../shop/index.ts';
import { dueBefore, type GeneratePlan } from './generate-plan.ts';

/** A part of the shop's series, sent one request after the other, so that each series stays in order. */
export interface ShopLane {
  shop: Shop;
  plan: GeneratePlan;
  /** Indices of the lane's series. */
  indices: readonly number[];
  /** Most readings in one request. */
  batchReadings: number;
  /** Resolves once the readings are kept. */
  send: (readings: readonly ReadingInput[]) => Promise<unknown>;
  /** Told after steps [fromStep, toStep) of the lane's series were kept. */
  onSent: (fromStep: number, toStep: number) => Promise<void> | void;
  clock: ClientClock;
  signal: AbortSignal;
}

/**
 * Sends the steps of a lane as their time comes, and what has piled up in batches. A step is left only when it was
 * accepted, so that none is lost while the gateway is away. Ends after the last step, or rejects with the abort.
 */
export async function runShopLane(lane: ShopLane): Promise<void> {
  const { shop, plan, indices, batchReadings, send, onSent, clock, signal } = lane;
  const stepsPerBatch = Math.max(1, Math.floor(batchReadings / indices.length));
  let step = plan.fromStep;
  while (step < plan.toStep) {
    signal.throwIfAborted();
    const due = dueBefore(plan, clock.nowMs());
    if (step >= due) {
      await clock.sleep(Math.max(1, step * plan.shop.intervalMs - clock.nowMs()), signal);
      continue;
    }
    const end = Math.min(due, step + stepsPerBatch);
    const readings: ReadingInput[] = [];
    for (let at = step; at < end; at += 1)
      for (const index of indices) readings.push(shop.readingAt(index, at));
    await send(readings);
    await onSent(step, end);
    step = end;
  }
}

/** Deals `count` series out to at most `most` lanes of at least `leastSeries` each. */
export function dealLanes(count: number, most: number, leastSeries = 25): number[][] {
  const lanes = Math.max(1, Math.min(most, Math.floor(count / leastSeries)));
  return Array.from({ length: lanes }, (_, lane) =>
    Array.from({ length: count }, (_unused, index) => index).filter((index) => index % lanes === lane),
  );
}
