import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeRows, type HistoryRows, openStores } from '@verdict/storage';
import { storeTest } from '@verdict/storage/testing';
import { retrainerTest } from '../testing/retrainer-process.fixture.ts';
import { eventually } from '../testing/sample-feedback.fixture.ts';

const tests = storeTest();
const { startProcess } = retrainerTest(['one']);

test('the retrainer packs days that have ended, and says what it did', { timeout: 120_000 }, async () => {
  const db = await tests.database();
  const { history } = openStores(db);
  await db.query("INSERT INTO series (pool, partition, key) VALUES ('default/shop', '0', 'shop/cart')");
  await db.query('CREATE TABLE history_2026_01_02 (LIKE history INCLUDING ALL)');
  const day = Date.UTC(2026, 0, 2);
  await db.query(
    `ALTER TABLE history ATTACH PARTITION history_2026_01_02 FOR VALUES FROM (${day}) TO (${day + 86_400_000})`,
  );
  for (let at = 0; at < 20; at += 5) {
    const times = Float64Array.from({ length: 5 }, (_, i) => day + (at + i) * 60_000);
    const cells = Float32Array.from(times, (_, i) => at + i);
    const rows: HistoryRows = {
      ...{ signals: ['cpu'], times, values: cells, expected: cells, band: cells },
      ...{ score: new Float32Array(5), flags: new Uint8Array(5) },
    };
    await db.query(
      'INSERT INTO history (series_id, first_ms, last_ms, readings, payload) SELECT id, $1, $2, 5, $3 FROM series',
      [times[0], times[4], encodeRows(rows)],
    );
  }
  const whole = { pool: 'default/shop', series: 'shop/cart', fromMs: 0, toMs: Date.now(), limit: 100 };
  const before = await history.read(whole);
  assert.equal(before?.times.length, 20);
  const running = await startProcess(db, 'one');
  await eventually(async () => (await history.daysToCompact(Date.now())).length === 0);
  assert.deepEqual(await history.read(whole), before);
  await eventually(async () =>
    /^verdict_history_compacted_readings_total 20$/m.test(await running.metrics()),
  );
  assert.match(await running.metrics(), /^verdict_history_compacted_chunks_total 4$/m);
  assert.equal(await running.end('SIGTERM'), 0);
});
