import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openStores } from '../open-stores.ts';
import type { HistoryRows } from '../ports/partition-store.ts';
import { partitionWriter } from '../testing/fill-stores.ts';
import { sampleRows } from '../testing/sample-batch.ts';
import { storeTest } from '../testing/store-test.ts';
import { dayMs } from './history-days.ts';

const tests = storeTest();
const pool = 'default/shop';
const minutes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => (from + i) * 60_000);

async function setUp() {
  const db = await tests.database();
  const stores = openStores(db);
  const { commit } = await partitionWriter(stores, pool);
  const write = (history: { series: string; rows: HistoryRows }[]) => commit({ history });
  /** One whole pass, as the job does it. */
  const compact = async (beforeMs = Number.MAX_SAFE_INTEGER) => {
    let readings = 0;
    for (const day of await stores.history.daysToCompact(beforeMs)) {
      for (let after: number | null = 0; after !== null; ) {
        const done = await stores.history.compactSeries({ day, after });
        assert.ok(done);
        readings += done.readings;
        after = done.after;
      }
      await stores.history.freeDay(day);
    }
    return readings;
  };
  const fresh = async () => (await db.query<{ n: number }>('SELECT count(*) AS n FROM history'))[0]?.n;
  return { ...stores, db, write, compact, fresh };
}

/** Readings by their time: what people see, whatever the order of columns is; a signal without a value is missing. */
function readingsOf(rows: HistoryRows | null): string[] {
  if (rows === null) return [];
  const width = rows.signals.length;
  return [...rows.times].map((time, row) => {
    const cells = rows.signals
      .map((signal, at) => [
        signal,
        ...[rows.values, rows.expected, rows.band].map((t) => t[row * width + at]),
      ])
      .filter(([, ...numbers]) => numbers.some((number) => !Number.isNaN(number)))
      .sort();
    return JSON.stringify([time, rows.score[row], rows.flags[row], cells]);
  });
}

const seriesKeys = ['a', 'b', 'c'];

/** Chunks of three series over three days, overlapping and late ones among them. */
const anyChunk = fc.record({
  series: fc.constantFrom(...seriesKeys),
  start: fc.integer({ min: 0, max: 3 * 1440 - 1 }),
  count: fc.integer({ min: 1, max: 40 }),
  step: fc.constantFrom(1, 7, 60),
  signals: fc.constantFrom(['cpu'], ['cpu', 'memory'], ['memory']),
  seed: fc.integer({ min: 1, max: 1000 }),
});

/** A reading is the same in whatever chunk it comes, but for its score: that tells which one was taken. */
function rowsOf(chunk: {
  start: number;
  count: number;
  step: number;
  signals: readonly string[];
  seed: number;
}): HistoryRows {
  const times = Array.from({ length: chunk.count }, (_, i) => (chunk.start + i * chunk.step) * 60_000);
  const rows = sampleRows(times, chunk.signals);
  const cells = (of: (at: number) => number) => Float32Array.from(rows.values, (_, at) => of(at));
  return {
    ...rows,
    values: cells((at) => Math.sin(at * chunk.seed) * 1000),
    expected: cells((at) => (at % 5 === 0 ? Number.NaN : at / 3)),
    score: Float32Array.from(times, (_, at) => ((at * chunk.seed) % 255) / 254),
    flags: Uint8Array.from(times, (_, at) => (at + chunk.seed) % 16),
  };
}

test('whatever is compacted when, charts and trainings read the same', async () => {
  const anyScript = fc.array(
    fc.oneof({ weight: 4, arbitrary: anyChunk }, { weight: 1, arbitrary: fc.constant('compact' as const) }),
    { minLength: 3, maxLength: 14 },
  );
  const anyRange = fc.record({
    from: fc.integer({ min: 0, max: 3 * 1440 }),
    length: fc.integer({ min: 0, max: 5 * 1440 }),
    limit: fc.constantFrom(1, 10, 100_000),
  });
  const { db, history, partitions, write, compact, fresh } = await setUp();
  await fc.assert(
    fc.asyncProperty(
      anyScript,
      fc.array(anyRange, { minLength: 2, maxLength: 2 }),
      async (script, ranges) => {
        await db.query('TRUNCATE history, history_day');
        await db.query('UPDATE series SET history_last_ms = NULL, history_readings = 0');
        const places = seriesKeys.flatMap((series) =>
          [0, 60, 61, 1440].map((at) => ({ series, timeMs: at * 60_000 })),
        );
        const everything = async () => {
          const charts: string[][] = [];
          for (const series of seriesKeys)
            for (const { from, length, limit } of ranges) {
              const range = { fromMs: from * 60_000, toMs: (from + length) * 60_000, limit };
              charts.push(readingsOf(await history.read({ pool, series, ...range })));
            }
          const training: [string, string[]][] = [];
          for await (const { series, rows } of history.readPool(pool, dayMs / 2, 2.5 * dayMs))
            training.push([series, readingsOf(rows)]);
          const exists = await partitions.existsInHistory(pool, places);
          return { charts, training, exists, counts: await history.counts() };
        };
        for (const step of [...script, 'compact' as const]) {
          if (step !== 'compact') await write([{ series: step.series, rows: rowsOf(step) }]);
          else {
            const before = await everything();
            await compact();
            assert.deepEqual(await everything(), before);
            assert.equal(await fresh(), 0);
          }
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('retention takes fresh and compacted days, and their readings from the counts', async () => {
  const { history, write, compact } = await setUp();
  await write([{ series: 's', rows: sampleRows(minutes(0, 3 * 1440)) }]);
  await write([{ series: 's', rows: sampleRows(minutes(10, 20)) }]);
  await compact(2 * dayMs);
  await write([{ series: 's', rows: sampleRows([30]) }]);
  assert.equal(await history.dropOldHistory(2 * dayMs), 2);
  assert.deepEqual(await history.counts(), new Map([[pool, { series: 1, readings: 1440 }]]));
  const rows = await history.read({ pool, series: 's', fromMs: 0, toMs: 9 * dayMs, limit: 10_000 });
  assert.equal(rows?.times.length, 1440);
});

test('only days that have ended are compacted, and their room is given back', async () => {
  const { history, db, write, compact, fresh } = await setUp();
  await write([{ series: 's', rows: sampleRows(minutes(1430, 1450)) }]);
  assert.deepEqual(await history.daysToCompact(dayMs - 1), []);
  assert.deepEqual(await history.daysToCompact(dayMs), [0]);
  assert.equal(await compact(dayMs), 10);
  assert.equal(await fresh(), 1);
  const [size] = await db.query<{ bytes: number }>("SELECT pg_relation_size('history_1970_01_01') AS bytes");
  assert.equal(size?.bytes, 0);
  assert.deepEqual(await history.daysToCompact(dayMs), []);
  assert.equal(await history.freeDay(dayMs), false, 'a day with fresh chunks keeps them');
  assert.equal(await fresh(), 1);
});

test('readers see every reading at every moment while days are compacted and more come late', async () => {
  const { history, write, compact } = await setUp();
  const seen = new Set<number>();
  const put = async (from: number, to: number) => {
    for (let at = from; at < to; at += 15)
      await write([{ series: 's', rows: sampleRows(minutes(at, at + 15)) }]);
    for (const time of minutes(from, to)) seen.add(time);
  };
  await put(0, 2 * 1440);
  let reading = true;
  const readers = [1, 100_000].map(async (limit) => {
    for (let rounds = 0; reading && rounds < 10_000; rounds += 1) {
      const least = limit === 1 ? 1 : seen.size;
      const rows = await history.read({ pool, series: 's', fromMs: 0, toMs: 4 * dayMs, limit });
      assert.ok((rows?.times.length ?? 0) >= least, `${rows?.times.length} of ${least}`);
    }
  });
  const work = async () => {
    await compact();
    await put(2 * 1440, 2 * 1440 + 300);
    await compact();
  };
  await Promise.all([
    work().finally(() => {
      reading = false;
    }),
    ...readers,
  ]);
});

test('of several processes one compacts and the others pass; nothing is done twice', async () => {
  const { history, write, fresh } = await setUp();
  for (let series = 0; series < 200; series += 1)
    await write([{ series: `s${series}`, rows: sampleRows(minutes(0, 30)) }]);
  const results = await Promise.all(
    Array.from({ length: 4 }, async () => {
      let readings = 0;
      for (let round = 0; round < 200; round += 1) {
        const done = await history.compactSeries({ day: 0, after: 0 });
        readings += done?.readings ?? 0;
        if (done?.after === null) return readings;
      }
      return readings;
    }),
  );
  assert.equal(
    results.reduce((sum, readings) => sum + readings, 0),
    200 * 30,
  );
  assert.equal(await fresh(), 0);
});

test('a process that dies in the middle has changed nothing, and the next one does the work', async () => {
  const { history, db, write, compact } = await setUp();
  await write([{ series: 's', rows: sampleRows(minutes(0, 30)) }]);
  // Waits at the very end of its transaction until it is killed there.
  await db.query(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'`);
  await db.query('CREATE TRIGGER wait AFTER INSERT ON history_day EXECUTE FUNCTION wait()');
  const dying = history.compactSeries({ day: 0, after: 0 }).then(
    () => 'done',
    () => 'died',
  );
  for (let killed = 0, tries = 0; killed === 0 && tries < 3000; tries += 1)
    killed = (
      await db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE wait_event = 'PgSleep' AND datname = current_database()`,
      )
    ).length;
  assert.equal(await dying, 'died');
  await db.query('DROP TRIGGER wait ON history_day');
  const whole = { pool, series: 's', fromMs: 0, toMs: dayMs, limit: 1000 };
  const before = readingsOf(await history.read(whole));
  assert.equal(before.length, 30);
  assert.equal(await compact(), 30);
  assert.deepEqual(readingsOf(await history.read(whole)), before);
});

test('a series with a damaged chunk is left as it is, and the others are compacted', async () => {
  const { history, db, write, fresh } = await setUp();
  await write(['good', 'bad'].map((series) => ({ series, rows: sampleRows(minutes(0, 30)) })));
  await db.query(
    `UPDATE history SET payload = '\\x02ff' FROM series WHERE series.id = series_id AND series.key = 'bad'`,
  );
  const done = await history.compactSeries({ day: 0, after: 0 });
  assert.deepEqual([done?.series, done?.unreadable], [1, 1]);
  assert.equal(await fresh(), 1);
});

test('a day with more readings than one chunk holds is compacted into several', async () => {
  const { history, write, compact } = await setUp();
  const times = Array.from({ length: 45_000 }, (_, second) => second * 1000);
  for (let from = 0; from < times.length; from += 5000)
    await write([{ series: 's', rows: sampleRows(times.slice(from, from + 5000)) }]);
  assert.equal(await compact(), 45_000);
  const whole = { pool, series: 's', fromMs: 0, toMs: dayMs, limit: 100_000 };
  assert.deepEqual([...((await history.read(whole))?.times ?? [])], times);
  const last = await history.read({ ...whole, fromMs: 44_000_000, limit: 5 });
  assert.deepEqual([...(last?.times ?? [])], times.slice(-5));
});

test('fresh chunks of before, with scores as they were computed, lose nothing', async () => {
  const { history, write, compact } = await setUp();
  const rows = { ...sampleRows(minutes(0, 3)), score: Float32Array.of(0.123456789, 0.5, 1 / 3) };
  await write([{ series: 's', rows }]);
  await compact();
  const read = await history.read({ pool, series: 's', fromMs: 0, toMs: dayMs, limit: 10 });
  assert.deepEqual(read?.score, rows.score);
});
