import type { Database, Stores } from '@verdict/storage';

/** Bytes of all that history takes in the database: rows, indexes, what is stored out of line, and empty tables. */
export async function historyBytes(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: number }>(
    `SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint AS bytes FROM pg_inherits
      WHERE inhparent IN ('history'::regclass, 'history_day'::regclass)`,
  );
  return row?.bytes ?? 0;
}

/** CPU time so far of the processes that are at work, ms: the wall clock tells of others on the machine, too. */
export type CpuClock = () => number;

export interface CompactionRun {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly readings: number;
  readonly steps: number;
  readonly slowestStepMs: number;
}

/** Compacts all days, without the pauses that the retrainer makes. */
export async function compactAll(
  { history }: Stores,
  beforeMs: number,
  cpu: CpuClock,
): Promise<CompactionRun> {
  const startedCpuMs = cpu();
  const startedMs = performance.now();
  let [readings, steps, slowestStepMs] = [0, 0, 0];
  for (const day of await history.daysToCompact(beforeMs)) {
    for (let after: number | null = 0; after !== null; ) {
      const stepMs = performance.now();
      const done = await history.compactSeries({ day, after });
      if (done === null) throw new Error('Another process compacts.');
      slowestStepMs = Math.max(slowestStepMs, performance.now() - stepMs);
      steps += 1;
      readings += done.readings;
      after = done.after;
    }
    await history.freeDay(day);
  }
  return {
    cpuSeconds: (cpu() - startedCpuMs) / 1000,
    seconds: (performance.now() - startedMs) / 1000,
    readings,
    steps,
    slowestStepMs,
  };
}

export interface ChartRun {
  /** CPU time of gateway and database for one chart. */
  readonly cpuMs: number;
  readonly charts: number;
  /** Readings that a chart is drawn from. */
  readonly readings: number;
  readonly points: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Asks the gateway for charts of a month, one behind the other, each of another series. */
export async function measureCharts(
  ask: (series: string) => Promise<{ readings: number; times: readonly number[] }>,
  keys: readonly string[],
  { count, cpu }: { count: number; cpu: CpuClock },
): Promise<ChartRun> {
  const warmUps = 20;
  let startedCpuMs = 0;
  const took: number[] = [];
  let [readings, points] = [0, 0];
  for (let chart = -warmUps; chart < count; chart += 1) {
    const key = keys[((chart + warmUps) * 7) % keys.length] ?? '';
    if (chart === 0) startedCpuMs = cpu();
    const startedMs = performance.now();
    const answer = await ask(key);
    if (chart < 0) continue;
    took.push(performance.now() - startedMs);
    readings += answer.readings;
    points += answer.times.length;
  }
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(share * took.length))] ?? 0;
  return {
    cpuMs: (cpu() - startedCpuMs) / count,
    charts: count,
    readings: readings / count,
    points: points / count,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

export interface TrainingRead {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly series: number;
  readonly readings: number;
}

/** Reads what a training looks at. */
export async function measureTraining(
  { history }: Stores,
  range: { pool: string; fromMs: number; toMs: number },
  cpu: CpuClock,
): Promise<TrainingRead> {
  const startedCpuMs = cpu();
  const startedMs = performance.now();
  let [series, readings] = [0, 0];
  for await (const { rows } of history.readPool(range.pool, range.fromMs, range.toMs)) {
    series += 1;
    readings += rows.times.length;
  }
  return {
    cpuSeconds: (cpu() - startedCpuMs) / 1000,
    seconds: (performance.now() - startedMs) / 1000,
    series,
    readings,
  };
}
