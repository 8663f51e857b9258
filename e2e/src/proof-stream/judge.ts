import { type Anomaly, readingFlags } from '@verdict/contracts';
import type { Results } from './results.ts';
import type { Scenario } from './scenario.ts';

/** What the comparison counted; every number in `violations` must be 0. */
export interface Judgement {
  readonly readings: number;
  readonly anomalies: number;
  /** Versions that opened them. */
  readonly versions: readonly number[];
  /** Readings that the false-alarm memory kept from alarming. */
  readonly quieted: number;
  readonly violations: Readonly<Record<string, number>>;
  readonly largestScoreDifference: number;
  /** Injected spikes and drops, and how many of them an anomaly of the same series overlaps. */
  readonly injected: number;
  readonly found: number;
}

const scoreTolerance = 1e-9;
/** An anomaly may begin this much after the injection ends (a window's memory). */
const graceMs = 5000;
/** Share of the injected spikes and drops that must be found. */
export const leastFound = 0.8;

/** Compares the run with faults to the undisturbed one and to what was sent. */
export function judge(parts: {
  scenario: Scenario;
  undisturbed: Results;
  disturbed: Results;
  told: ReadonlyMap<string, Anomaly>;
}): Judgement {
  const { scenario, undisturbed, disturbed, told } = parts;
  const { learn, test, end } = scenario.borders;
  const violations = {
    'readings lost': 0,
    'readings twice or out of order': 0,
    'readings committed twice': disturbed.counted - scenario.shop.series.length * (end - learn),
    'values changed': 0,
    'scores that differ': 0,
    'flags that differ': 0,
    'figures of versions that differ': differences(undisturbed.figures, disturbed.figures),
    'anomalies lost': 0,
    'anomalies too many': 0,
    'anomalies that differ': 0,
    'anomalies not told to the client': 0,
    'anomalies told in an old revision': 0,
  };
  let readings = 0;
  let quieted = 0;
  let largestScoreDifference = 0;
  scenario.shop.series.forEach((key, index) => {
    const run = disturbed.series.get(key);
    const reference = undisturbed.series.get(key);
    const at = new Map(run?.times.map((time, row) => [time, row]));
    violations['readings twice or out of order'] += (run?.times.length ?? 0) - ascending(run?.times ?? []);
    for (let step = test; step < end; step++) {
      const row = at.get(step * 1000);
      const referenceRow = step - test;
      if (row === undefined || reference?.times[referenceRow] !== step * 1000) {
        violations['readings lost']++;
        continue;
      }
      readings++;
      const sent = scenario.shop.readingAt(index, step).values;
      const same = scenario.signals.every(
        (signal, column) =>
          Math.fround(run?.values[column]?.[row] ?? Number.NaN) ===
          Math.fround(sent[signal as keyof typeof sent]),
      );
      if (!same) violations['values changed']++;
      const difference = Math.abs((run?.scores[row] ?? 2) - (reference.scores[referenceRow] ?? -2));
      largestScoreDifference = Math.max(largestScoreDifference, difference);
      if (!(difference <= scoreTolerance)) violations['scores that differ']++;
      const flags = run?.flags[row] ?? -1;
      if (flags !== reference.flags[referenceRow]) violations['flags that differ']++;
      if ((flags & readingFlags.quieted) !== 0) quieted++;
    }
  });
  for (const [id, anomaly] of undisturbed.anomalies) {
    const other = disturbed.anomalies.get(id);
    if (!other) violations['anomalies lost']++;
    else if (essence(other) !== essence(anomaly)) violations['anomalies that differ']++;
  }
  for (const [id, anomaly] of disturbed.anomalies) {
    if (!undisturbed.anomalies.has(id)) violations['anomalies too many']++;
    const heard = told.get(id);
    if (!heard) violations['anomalies not told to the client']++;
    else if (heard.revision < anomaly.revision) violations['anomalies told in an old revision']++;
  }
  const injected = scenario.injected().filter(({ kind }) => kind === 'spike' || kind === 'drop');
  const found = injected.filter((one) =>
    [...disturbed.anomalies.values()].some(
      (anomaly) =>
        anomaly.series === one.series &&
        Date.parse(anomaly.start) <= Date.parse(one.end) + graceMs &&
        Date.parse(anomaly.end) >= Date.parse(one.start),
    ),
  );
  return {
    readings,
    anomalies: disturbed.anomalies.size,
    versions: [...new Set([...disturbed.anomalies.values()].map(({ modelVersion }) => modelVersion))].sort(),
    quieted,
    violations,
    largestScoreDifference,
    injected: injected.length,
    found: found.length,
  };
}

/** Entries of either list that the other one has not. */
function differences(one: readonly string[], other: readonly string[]): number {
  const missing = (from: readonly string[], among: readonly string[]) =>
    from.filter((entry) => !among.includes(entry)).length;
  return missing(one, other) + missing(other, one);
}

/** Number of times that are later than all before. */
function ascending(times: readonly number[]): number {
  let count = 0;
  let newest = Number.NEGATIVE_INFINITY;
  for (const time of times) {
    if (time > newest) count++;
    newest = Math.max(newest, time);
  }
  return count;
}

/** What must be equal whatever was killed. */
function essence({ id, series, modelVersion, start, end, state, peak, signals, revision }: Anomaly): string {
  return JSON.stringify({ id, series, modelVersion, start, end, state, peak, signals, revision });
}
