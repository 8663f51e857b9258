import { createShop, type Shop, type ShopReading, shopSignals } from '@verdict/cli/shop';
import type { Anomaly } from '@verdict/contracts';
import type { ProofSize } from './size.ts';

/** Real time of a step is the pace's; in the data ten seconds lie between two. */
export const stepMs = 10_000;
const dayMs = 240 * stepMs;
/** Mean steps between two injected anomalies of a series. */
const gapSteps = 160;
/** An alarm is about an injection from so many steps before its first to so many after its last (a window's memory). */
const leadSteps = 2;
const trailSteps = 12;
/** An injection is found by an anomaly that begins at most so many steps after it. */
const graceSteps = 3;

/** Something wrong that was put in on purpose; steps, both ends included. */
export interface Injected {
  readonly series: string;
  readonly fromStep: number;
  readonly toStep: number;
}

/** The data of one seed, the same for every arm: any step can be computed, and what was injected is known. */
export interface Scenario {
  readonly seed: number;
  readonly series: readonly string[];
  readonly signals: typeof shopSignals;
  /** First steps of the phases whose times are fixed. */
  readonly borders: {
    readonly learn: number;
    readonly settle: number;
    readonly normal: number;
    readonly change: number;
  };
  readingsOf(step: number): ShopReading[];
  /** Injections that begin in [fromStep, toStep). */
  injected(fromStep: number, toStep: number): Injected[];
  /** What a judge knows: whether an anomaly is about something that was injected. */
  isReal(anomaly: Pick<Anomaly, 'series' | 'start' | 'end'>): boolean;
  /** Whether it is about one of the jobs that are normal since the change. */
  isJob(anomaly: Pick<Anomaly, 'series' | 'start' | 'end'>): boolean;
}

export function stepOf(time: string): number {
  return Math.round(Date.parse(time) / stepMs);
}

/** Whether an anomaly overlaps an injection, with some grace for its beginning. */
export function finds(anomaly: Pick<Anomaly, 'series' | 'start' | 'end'>, one: Injected): boolean {
  return (
    anomaly.series === one.series &&
    stepOf(anomaly.start) <= one.toStep + graceSteps &&
    stepOf(anomaly.end) >= one.fromStep
  );
}

export function makeScenario(seed: number, size: ProofSize): Scenario {
  const learn = Date.UTC(2026, 0, 5) / stepMs;
  const settle = learn + size.learnSteps;
  const normal = settle + size.settleSteps;
  const change = normal + size.normalSteps;
  const shop = createShop({
    seed,
    series: size.series,
    gapSteps,
    kinds: ['spike', 'drop'],
    // What goes wrong while the built-in version serves would widen the borders that the first learnt one starts with.
    quietUntilStep: settle,
    intervalMs: stepMs,
    dayMs,
    change: { fromStep: change },
  });
  const injected = (fromStep: number, toStep: number) =>
    shop.series.flatMap((series, index) => injectionsOf(shop, { series, index, fromStep, toStep }));
  const last = change + size.mostFloodSteps + size.afterSteps + spareSteps;
  const jobs = shop.series.flatMap((series, index) =>
    shop
      .jobs(index, change, last)
      .map(({ start, end }) => ({ series, fromStep: stepOf(start), toStep: stepOf(end) })),
  );
  return {
    seed,
    series: shop.series,
    signals: shopSignals,
    borders: { learn, settle, normal, change },
    readingsOf: (step) => shop.series.map((_, index) => shop.readingAt(index, step)),
    injected,
    isReal: isAbout(injected(learn, last)),
    isJob: isAbout(jobs),
  };
}

function isAbout(events: readonly Injected[]): Scenario['isReal'] {
  const bySeries = Map.groupBy(events, ({ series }) => series);
  return ({ series, start, end }) =>
    (bySeries.get(series) ?? []).some(
      ({ fromStep, toStep }) => stepOf(start) <= toStep + trailSteps && stepOf(end) >= fromStep - leadSteps,
    );
}

/** More steps than poisoned candidates and slow ends can take. */
const spareSteps = 5000;

function injectionsOf(
  shop: Shop,
  of: { series: string; index: number; fromStep: number; toStep: number },
): Injected[] {
  return shop.injections(of.index, of.fromStep, of.toStep).map(({ start, end }) => ({
    series: of.series,
    fromStep: stepOf(start),
    toStep: stepOf(end),
  }));
}
