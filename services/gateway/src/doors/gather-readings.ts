import { type Combination, type Reading, readingLimits } from '@verdict/contracts';
import { type TimeBounds, timeProblem } from '../readings/check-times.ts';
import type { CounterRound } from './counter-memory.ts';
import { LeftOutLedger, type RefusedSamples } from './left-out-ledger.ts';
import type { nameSamples } from './naming/name-samples.ts';
import type { Sample } from './sample.ts';

const largestFloat32 = 3.4028234663852886e38;

/** What the samples of one request came to. */
export interface Gathered {
  readonly readings: Reading[];
  /** Samples that are part of a reading. */
  readonly taken: number;
  readonly ledger: LeftOutLedger;
}

interface Value {
  readonly combine: Combination;
  total: number;
  samples: number;
  points: number;
}
type Rows = Map<string, Map<number, Map<string, Value>>>;

/**
 * Makes readings of samples: what has the same series and time is one reading; several values of one of its signals
 * are combined. What is no part of any reading stands in the ledger with its reason.
 */
export function gatherReadings(
  samples: readonly Sample[],
  parts: {
    readonly nameOf: ReturnType<typeof nameSamples>;
    readonly counters: CounterRound;
    readonly bounds: TimeBounds;
  },
): Gathered {
  const ledger = new LeftOutLedger();
  const rows: Rows = new Map();
  for (const sample of samples) {
    const naming = parts.nameOf(sample.labels, sample.kind);
    if (naming === 'ignored' || naming === 'dropped') {
      ledger.leaveOut(naming, sample.points);
      continue;
    }
    if (naming === 'unmatched') {
      ledger.refuse({ reason: naming, series: null, message: unmatched(sample) }, sample.points);
      continue;
    }
    const { series, signal, isCounter, combine } = naming;
    const time = timeProblem(sample.timeMs, parts.bounds);
    if (time !== null) {
      ledger.refuse({ reason: time.reason, series, message: `time ${time.message}` }, sample.points);
      continue;
    }
    const value = isCounter ? counted(sample, parts.counters) : sample.stale ? 'stale' : sample.value;
    if (typeof value === 'string') ledger.leaveOut(value, sample.points);
    else if (Number.isNaN(value)) ledger.leaveOut('not_a_number', sample.points);
    else if (Math.abs(value) > largestFloat32) ledger.leaveOut('out_of_range', sample.points);
    else add(rows, { series, signal, combine, value, sample });
  }
  return { ...readingsOf(rows, ledger), ledger };
}

/** A counter that has no usable value must not be remembered. */
function counted(sample: Sample, counters: CounterRound): ReturnType<CounterRound['valueOf']> {
  return sample.stale || Number.isFinite(sample.value) ? counters.valueOf(sample) : sample.value;
}

function unmatched({ labels }: Sample): string {
  const text = [...labels].map(([name, value]) => `${name}="${value}"`).join(', ');
  return `no rule is for {${text.slice(0, 200)}}`;
}

function add(
  rows: Rows,
  given: { series: string; signal: string; combine: Combination; value: number; sample: Sample },
): void {
  const { series, signal, combine, value } = given;
  const { timeMs, points } = given.sample;
  const values = within(within(rows, series), timeMs);
  const before = values.get(signal);
  if (before === undefined) {
    values.set(signal, { combine, total: value, samples: 1, points });
    return;
  }
  before.samples += 1;
  before.points += points;
  if (combine === 'max') before.total = Math.max(before.total, value);
  else if (combine === 'min') before.total = Math.min(before.total, value);
  else before.total += value;
}

/** The map that stands under a key, made when it is missing. */
function within<Key, Inner, Value>(map: Map<Key, Map<Inner, Value>>, key: Key): Map<Inner, Value> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Map<Inner, Value>();
  map.set(key, made);
  return made;
}

function readingsOf(rows: Rows, ledger: LeftOutLedger): { readings: Reading[]; taken: number } {
  const readings: Reading[] = [];
  let taken = 0;
  for (const [series, times] of rows)
    for (const [time, values] of times) {
      const kept: Reading['values'] = {};
      // The same signals every time, in whatever order they come.
      const signals =
        values.size > readingLimits.signalsPerReading ? [...values.keys()].sort() : values.keys();
      let signalCount = 0;
      for (const signal of signals) {
        const value = values.get(signal);
        if (value === undefined) continue;
        signalCount += 1;
        if (signalCount > readingLimits.signalsPerReading) {
          ledger.refuse(tooMany(series, values.size), value.points);
          continue;
        }
        kept[signal] = Math.fround(value.combine === 'mean' ? value.total / value.samples : value.total);
        taken += value.points;
      }
      readings.push({ series, time, values: withinFloat32(kept) });
    }
  return { readings, taken };
}

/** A sum may be more than a 32-bit float holds though none of its parts is. */
function withinFloat32(values: Reading['values']): Reading['values'] {
  for (const [signal, value] of Object.entries(values))
    if (!Number.isFinite(value)) values[signal] = Math.sign(value ?? 0) * largestFloat32;
  return values;
}

function tooMany(series: string, signals: number): RefusedSamples {
  const most = readingLimits.signalsPerReading;
  return {
    reason: 'too_many_signals',
    series,
    message: `${signals} signals at one time, only the first ${most} by name are taken`,
  };
}
