import { type MadeReadings, madeReadings } from '../stream/made-readings.ts';
import { AnomalyWatch } from './anomaly-watch.ts';
import type { Load, LoadResult } from './load.ts';
import { Poster } from './poster.ts';
import { readyValues } from './ready-values.ts';

/** How long an anomaly may take before it counts as never told. */
const patienceMs = 15_000;

/** Sends every reading of the rows, shuffled within a row, over some connections at once; begins when `started` resolves. */
export async function sendLoad(load: Load, started: () => Promise<void>): Promise<LoadResult> {
  const whole = madeReadings(load.series, load.seed, load.leastRows);
  const made = { ...whole, value: readyValues(load, whole) };
  const poster = new Poster(load);
  const watch = load.oddEveryMs === null ? null : await AnomalyWatch.open(load);
  await started();
  const startedMs = performance.now();
  let sent = 0;
  let odd = 0;
  let nextOddMs = startedMs;
  const answerMs: number[] = [];
  const work = async (connection: number): Promise<void> => {
    for (const readings of postsOf(load, made, connection)) {
      const dueMs = load.perSecond === null ? 0 : startedMs + (1000 * sent) / load.perSecond;
      sent += readings.length;
      const waitMs = dueMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      let chosen: Place | null = null;
      if (load.oddEveryMs !== null && performance.now() >= nextOddMs) {
        chosen = readings.find(({ series }) => watch?.isFresh(made.keys[series] ?? '')) ?? null;
        nextOddMs += load.oddEveryMs;
      }
      const body = bodyOf(made, readings, chosen);
      const sentMs = performance.now();
      await poster.post(body);
      const ackMs = performance.now();
      answerMs.push(ackMs - sentMs);
      if (chosen === null) continue;
      odd += 1;
      watch?.acknowledged(made.keys[chosen.series] ?? '', made.timeMs(chosen.series, chosen.row), ackMs);
    }
  };
  await Promise.all(Array.from({ length: load.connections }, (_, connection) => work(connection)));
  const ms = performance.now() - startedMs;
  await watch?.settle(patienceMs);
  poster.close();
  const anomalyMs = watch?.close() ?? [];
  const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
  return {
    type: 'sent',
    readings: sent,
    ms,
    repeated: poster.repeated,
    answerMs: ascending(answerMs),
    anomalyMs: ascending(anomalyMs),
    oddSent: odd,
  };
}

interface Place {
  readonly series: number;
  readonly row: number;
}

/** Every connection has series of its own, as producers have: what overtakes readings of its own series would be late. */
function* postsOf(load: Load, made: MadeReadings, connection: number): Generator<Place[]> {
  let readings: Place[] = [];
  for (let row = load.fromRow; row < load.fromRow + load.rows; row += 1)
    for (const series of made.orderOf(row)) {
      if (series % load.connections !== connection) continue;
      readings.push({ series, row });
      if (readings.length < load.readingsPerPost) continue;
      yield readings;
      readings = [];
    }
  if (readings.length > 0) yield readings;
}

function bodyOf(made: MadeReadings, readings: readonly Place[], odd: Place | null): string {
  let body = '{"readings":[';
  for (const place of readings) {
    const { series, row } = place;
    // Far outside of anything that the series ever had.
    const value = made.value(series, row) + (place === odd ? 1000 : 0);
    if (body.length > 13) body += ',';
    body += `{"series":"${made.keys[series]}","time":${made.timeMs(series, row)},"values":{"${made.signal}":${shortest(value)}}}`;
  }
  return `${body}]}`;
}

/** As a program that sends metrics writes them. */
function shortest(value: number): number {
  return Math.round(value * 1000) / 1000;
}
