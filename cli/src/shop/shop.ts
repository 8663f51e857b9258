import { cleanValues, type Service, type ShopPace, type ShopValues } from './clean-values.ts';
import { type InjectionKind, injectionRules } from './injection-kinds.ts';
import {
  type Injection,
  type InjectionSchedule,
  injectionOfSlot,
  injectionsWithin,
  leastGapSteps,
} from './injection-schedule.ts';
import { type JobKind, jobMoves } from './job-kinds.ts';
import { type Job, jobsWithin, type ShopChange } from './job-schedule.ts';
import { serviceSeries } from './service-names.ts';
import { serviceProfile, shopSignals } from './service-profile.ts';

/** What decides every number of a shop. */
export interface ShopOptions extends ShopPace {
  seed: number;
  /** Number of series. */
  series: number;
  /** Mean steps between two injections in one series; null = none at all. */
  gapSteps: number | null;
  kinds: readonly InjectionKind[];
  /** First step at which something may go wrong. */
  quietUntilStep: number;
  /** When what is normal changes; null or absent = never. Injections are the same with and without it. */
  change?: ShopChange | null;
}

/** A reading of the shop. */
export interface ShopReading {
  series: string;
  /** Epoch milliseconds: the step number times the interval. */
  time: number;
  values: ShopValues;
}

/** Something wrong that was put in on purpose, as it is told. */
export interface InjectedAnomaly {
  series: string;
  kind: InjectionKind;
  /** Time of the first reading that differs, ISO 8601. */
  start: string;
  /** Time of the last reading that differs, ISO 8601. */
  end: string;
  signals: readonly string[];
  /** Largest difference from the clean value over all its readings, in standard deviations of the signal's noise. */
  magnitude: number;
}

/** A job that a service runs since the change of what is normal: odd at first sight, but nothing is wrong. */
export interface NormalJob {
  series: string;
  kind: JobKind;
  /** Time of the first reading that differs, ISO 8601. */
  start: string;
  /** Time of the last reading that differs, ISO 8601. */
  end: string;
  signals: readonly string[];
  /** Difference of the signal that it moves most, in standard deviations of that signal's noise. */
  magnitude: number;
}

/** A demonstration shop: every reading, injection and job can be computed from its options alone, in any order. */
export interface Shop {
  /** Keys by index. */
  readonly series: readonly string[];
  /** What the service at `index` reports at `step` (`time / intervalMs`). */
  readingAt(index: number, step: number): ShopReading;
  /** The same without injections and jobs. */
  cleanReadingAt(index: number, step: number): ShopReading;
  /** Injections of a service that begin in [fromStep, toStep). */
  injections(index: number, fromStep: number, toStep: number): InjectedAnomaly[];
  /** Jobs of a service that begin in [fromStep, toStep). None ever comes near an injection. */
  jobs(index: number, fromStep: number, toStep: number): NormalJob[];
}

/** Makes a shop. Throws `RangeError` for a mean gap too short to hold an injection. */
export function createShop(options: ShopOptions): Shop {
  const { seed, gapSteps, kinds, quietUntilStep, intervalMs, dayMs, change } = options;
  if (gapSteps !== null && gapSteps < leastGapSteps)
    throw new RangeError(`anomalies need at least ${leastGapSteps} steps between them, not ${gapSteps}`);
  const series = Array.from({ length: options.series }, (_, index) => serviceSeries(index));
  const services: Service[] = series.map((_, index) => ({
    seed,
    index,
    profile: serviceProfile(seed, index),
    pace: { intervalMs, dayMs },
  }));
  const schedule: InjectionSchedule | null =
    gapSteps === null ? null : { gapSteps: Math.round(gapSteps), kinds, quietUntilStep };

  function serviceAt(index: number): Service {
    const service = services[index];
    if (service === undefined) throw new RangeError(`the shop has ${series.length} series, not ${index + 1}`);
    return service;
  }
  const reading = (index: number, step: number, values: ShopValues): ShopReading => ({
    series: serviceSeries(index),
    time: step * intervalMs,
    values: rounded(values),
  });

  const times = ({ fromStep, toStep }: { fromStep: number; toStep: number }) => ({
    start: new Date(fromStep * intervalMs).toISOString(),
    end: new Date(toStep * intervalMs).toISOString(),
  });

  return {
    series,
    cleanReadingAt: (index, step) => reading(index, step, cleanValues(serviceAt(index), step)),
    readingAt(index, step) {
      const service = serviceAt(index);
      const injection = schedule === null ? null : injectionOfSlot(service, schedule, step);
      const values = injectedValues(service, injection, step);
      const [job] = change ? jobsWithin(service, change, schedule, [step, step]) : [];
      return reading(index, step, job === undefined ? values : valuesDuring(service, job, values));
    },
    injections(index, fromStep, toStep) {
      if (schedule === null) return [];
      const service = serviceAt(index);
      return injectionsWithin(service, schedule, fromStep, toStep - 1)
        .filter((injection) => injection.fromStep >= fromStep)
        .map((injection) => ({
          series: serviceSeries(index),
          kind: injection.kind,
          ...times(injection),
          signals: injection.signals,
          magnitude: magnitude(service, injection),
        }));
    },
    jobs(index, fromStep, toStep) {
      if (!change) return [];
      return jobsWithin(serviceAt(index), change, schedule, [fromStep, toStep - 1])
        .filter((job) => job.fromStep >= fromStep)
        .map((job) => ({ series: serviceSeries(index), kind: job.kind, ...times(job), ...extent(job) }));
    },
  };
}

/** The values with the job in them, at a step inside it. */
function valuesDuring(service: Service, job: Job, values: ShopValues): ShopValues {
  const moved = { ...values };
  for (const signal of shopSignals)
    moved[signal] += (jobMoves[job.kind][signal] ?? 0) * job.size * service.profile.signals[signal].sigma;
  return moved;
}

function extent({ kind, size }: Job): Pick<NormalJob, 'signals' | 'magnitude'> {
  const moves = jobMoves[kind];
  const largest = Math.max(...Object.values(moves).map(Math.abs));
  return {
    signals: shopSignals.filter((signal) => moves[signal] !== undefined),
    magnitude: Number((largest * size).toFixed(2)),
  };
}

/** The values with the injection in them, where the step lies inside it. */
function injectedValues(service: Service, injection: Injection | null, step: number): ShopValues {
  const values = cleanValues(service, step);
  if (injection === null || step < injection.fromStep || step > injection.toStep) return values;
  const stuck = injection.kind === 'flat' ? cleanValues(service, injection.fromStep - 1) : null;
  const last = injection.toStep - injection.fromStep;
  const position = last === 0 ? 1 : (step - injection.fromStep) / last;
  const sigmas = injection.sigmas * injectionRules[injection.kind].shape(position);
  for (const signal of injection.signals)
    values[signal] = stuck?.[signal] ?? values[signal] + sigmas * service.profile.signals[signal].sigma;
  return values;
}

/** Largest distance from the clean values that really occurs, in sigmas. */
function magnitude(service: Service, injection: Injection): number {
  let largest = 0;
  for (let step = injection.fromStep; step <= injection.toStep; step += 1) {
    const clean = cleanValues(service, step);
    const real = injectedValues(service, injection, step);
    for (const signal of injection.signals)
      largest = Math.max(
        largest,
        Math.abs(real[signal] - clean[signal]) / service.profile.signals[signal].sigma,
      );
  }
  return Number(largest.toFixed(2));
}

/** Seven digits: what a 32-bit float keeps. */
function rounded(values: ShopValues): ShopValues {
  const digits = (value: number) => Number(value.toPrecision(7));
  return {
    requests: digits(values.requests),
    latency_p99: digits(values.latency_p99),
    errors: digits(values.errors),
    cpu: digits(values.cpu),
  };
}
