import { createShop, shopSignals } from '@verdict/cli/shop';
import type { Scenario } from '../proof-loop/scenario.ts';

/** Real time of a step is the pace's; in the data so much lies between two. */
export const stepMs = 10_000;
export const paceMs = {
  usual: 120,
  /** While nobody waits for anything but readings. */
  fast: 40,
  /** While a training runs: its minutes would be hours of the data. */
  slow: 400,
};
const seed = 3;
export const seriesCount = 40;
/** So long before now the data begins, so that none of it lies in the future and none is too old to be kept. */
const beginsBeforeMs = 48 * 3_600_000;

/** A shop in which nothing ever goes wrong, until it begins to do what it never did before: every alarm is false. */
export interface CalmScenario extends Scenario {
  /** Steps that the first learnt version is made from. */
  readonly learnSteps: number;
  /** From this step on every service runs jobs. */
  changeAt(step: number): void;
}

export function makeCalmScenario(nowMs: number): CalmScenario {
  const learn = Math.floor((nowMs - beginsBeforeMs) / stepMs);
  const learnSteps = 300;
  const shopOf = (change: { fromStep: number } | null) =>
    createShop({
      seed,
      series: seriesCount,
      gapSteps: null,
      kinds: ['spike'],
      quietUntilStep: learn,
      intervalMs: stepMs,
      dayMs: 240 * stepMs,
      change,
    });
  let shop = shopOf(null);
  const settle = learn + learnSteps;
  return {
    seed,
    series: shop.series,
    signals: shopSignals,
    borders: { learn, settle, normal: settle, change: settle },
    learnSteps,
    readingsOf: (step) => shop.series.map((_, index) => shop.readingAt(index, step)),
    injected: () => [],
    isReal: () => false,
    isJob: () => true,
    changeAt(step) {
      shop = shopOf({ fromStep: step });
    },
  };
}
