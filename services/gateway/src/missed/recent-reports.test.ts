import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecentReports } from './recent-reports.ts';

const report = { series: 'shop/cart', fromMs: 1, toMs: 2, person: 'ann' };

test('a report is remembered for two minutes, and of very many only the newest', () => {
  let monotonicMs = 0;
  const recent = new RecentReports({ nowMs: () => 0, monotonicMs: () => monotonicMs, sleep: async () => {} });
  recent.add('a', report);
  monotonicMs = 119_000;
  recent.add('b', report);
  assert.deepEqual([recent.get('a'), recent.get('b')], [report, report]);
  monotonicMs = 121_000;
  assert.deepEqual([recent.get('a'), recent.get('b')], [null, report]);
  for (let index = 0; index < 2000; index++) recent.add(String(index), report);
  assert.deepEqual([recent.get('b'), recent.get('900'), recent.get('1999')], [null, null, report]);
});
