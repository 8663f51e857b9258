import type { Anomaly } from '@verdict/contracts';
import type { PlatformClient } from '@verdict/platform-client';
import { until } from '../platform/until.ts';
import type { Scenario } from './scenario.ts';

/** Everything that a run left behind, as its users can read it. */
export interface Results {
  /** Per series, in the order of times: every reading of the test phase. */
  readonly series: ReadonlyMap<string, SeriesResult>;
  readonly anomalies: ReadonlyMap<string, Anomaly>;
  /** Readings that the partitions count as committed since the data folder was new. */
  readonly counted: number;
  /** What each version did on each partition, as it is counted beside the results. */
  readonly figures: readonly string[];
}

export interface SeriesResult {
  readonly times: readonly number[];
  readonly scores: readonly number[];
  /** Alarm, quieted and the like, see `readingFlags`. */
  readonly flags: readonly number[];
  /** Per signal, in the scenario's order. */
  readonly values: readonly (readonly (number | null)[])[];
}

/** Waits until the last step is in the history of every series, then reads everything back. */
export async function readResults(client: PlatformClient, scenario: Scenario): Promise<Results> {
  const series = new Map<string, SeriesResult>();
  for (const key of scenario.shop.series) {
    const result = await until(
      300_000,
      () => readSeries(client, scenario, key),
      () => `the newest readings of ${key} do not arrive`,
      1000,
    );
    series.set(key, result);
  }
  const anomalies = await readAnomalies(client, scenario);
  const [pool] = await client.pools();
  const counted = (pool?.partitions ?? []).reduce((sum, { readings }) => sum + readings, 0);
  const figures = (pool?.partitions ?? []).flatMap((one) =>
    one.figures.map(({ version, readings, anomalies: opened, alarms, quieted }) =>
      JSON.stringify({ partition: one.partition, version, readings, opened, alarms, quieted }),
    ),
  );
  return { series, anomalies, counted, figures };
}

/** Steps that are read at once: fewer than one answer may hold. */
const stepsAtOnce = 20_000;

async function readSeries(
  client: PlatformClient,
  scenario: Scenario,
  key: string,
): Promise<SeriesResult | null> {
  const iso = (step: number) => new Date(step * 1000).toISOString();
  const { test, end } = scenario.borders;
  const times: number[] = [];
  const scores: number[] = [];
  const flags: number[] = [];
  const values = scenario.signals.map((): (number | null)[] => []);
  for (let from = test; from < end; from += stepsAtOnce) {
    const to = Math.min(end, from + stepsAtOnce) - 1;
    const history = await client.history(key, { from: iso(from), to: iso(to), points: 0 });
    if (!history.complete || history.times.at(-1) !== to * 1000) return null;
    times.push(...history.times);
    scores.push(...history.score);
    flags.push(...history.flags);
    for (const [column, name] of scenario.signals.entries())
      values[column]?.push(...(history.signals.find(({ signal }) => signal === name)?.value ?? []));
  }
  return { times, scores, flags, values };
}

async function readAnomalies(client: PlatformClient, scenario: Scenario): Promise<Map<string, Anomaly>> {
  const found = new Map<string, Anomaly>();
  const from = new Date(scenario.borders.test * 1000).toISOString();
  let next: string | undefined;
  do {
    const page = await client.anomalies({ from, next, limit: 500 });
    for (const anomaly of page.items) found.set(anomaly.id, anomaly);
    next = page.next ?? undefined;
  } while (next !== undefined);
  return found;
}
