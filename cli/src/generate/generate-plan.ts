import { UsageFailure } from '../failure.ts';
import { type InjectionKind, leastGapSteps, type ShopOptions } from '../shop/index.ts';

/** Options of `verdict generate` that decide what is generated and when; durations in milliseconds. */
export interface GenerateOptions {
  series: number;
  seed: number;
  interval: number;
  day: number;
  /** Mean gap between two anomalies of one series; 0 = none. */
  anomalyRate: number;
  kinds: InjectionKind[];
  quietFirst: number;
  /** Time of the first step, epoch milliseconds. */
  start?: number;
  /** Number of steps; undefined = without end. */
  count?: number;
  asFastAsPossible?: boolean;
  backfill?: number;
  /** So long after the start what is normal changes; undefined = never. */
  changeAfter?: number;
}

/** What a run generates: steps [fromStep, toStep) of a shop; step times `intervalMs` is the time. */
export interface GeneratePlan {
  shop: ShopOptions;
  fromStep: number;
  /** Infinity = without end. */
  toStep: number;
  /** False: a step is sent when its time has come. */
  asFastAsPossible: boolean;
}

/** How far the platform lets a reading lie ahead of its clock, with a margin for clocks that differ. */
const aheadMs = 4 * 60_000;

/**
 * Works out the steps of a run. All times lie on the grid of the interval, so that runs with the same seed agree on
 * every step, whenever they start. Throws `UsageFailure` where options contradict each other.
 */
export function planGenerate(options: GenerateOptions, nowMs: number): GeneratePlan {
  const { interval, count, start, backfill } = options;
  const asFastAsPossible = options.asFastAsPossible === true;
  if (start !== undefined && backfill !== undefined)
    throw new UsageFailure('Give --start or --backfill, not both.');
  if (asFastAsPossible && count === undefined)
    throw new UsageFailure('--as-fast-as-possible needs --count, the number of steps to send.');
  const nowStep = Math.floor(nowMs / interval);
  const fromStep = firstStep(options, nowStep);
  const toStep = fromStep + (count ?? Number.POSITIVE_INFINITY);
  if (asFastAsPossible && (toStep - 1) * interval > nowMs + aheadMs)
    throw new UsageFailure(
      'With these --start and --count the last readings lie in the future, where the platform refuses them.',
    );
  const gapSteps = options.anomalyRate === 0 ? null : options.anomalyRate / interval;
  if (gapSteps !== null && gapSteps < leastGapSteps)
    throw new UsageFailure(`--anomaly-rate must be 0 or at least ${leastGapSteps} times the interval.`);
  const shop: ShopOptions = {
    seed: options.seed,
    series: options.series,
    intervalMs: interval,
    dayMs: options.day,
    gapSteps,
    kinds: options.kinds,
    quietUntilStep: fromStep + Math.ceil(options.quietFirst / interval),
    change:
      options.changeAfter === undefined
        ? null
        : { fromStep: fromStep + Math.ceil(options.changeAfter / interval) },
  };
  return { shop, fromStep, toStep, asFastAsPossible };
}

function firstStep({ interval, count, start, backfill, asFastAsPossible }: GenerateOptions, nowStep: number) {
  if (start !== undefined) return Math.ceil(start / interval);
  if (backfill !== undefined) return nowStep - Math.floor(backfill / interval);
  // As fast as possible without a start means: the newest `count` steps there are.
  return asFastAsPossible ? nowStep - (count ?? 0) + 1 : nowStep;
}

/** First step whose time has not come yet. */
export function dueBefore(plan: GeneratePlan, nowMs: number): number {
  if (plan.asFastAsPossible) return plan.toStep;
  return Math.min(plan.toStep, Math.floor(nowMs / plan.shop.intervalMs) + 1);
}
