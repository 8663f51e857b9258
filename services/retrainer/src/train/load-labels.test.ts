import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MissedReport } from '@verdict/contracts';
import { loadLabels } from './load-labels.ts';

const report = (id: string, series: string): MissedReport => {
  const at = '2026-03-10T12:00:00.000Z';
  return { id, series, from: at, to: at, person: 'eve', reason: null, comment: null, at };
};

test('no more reports are read than a training can take, and it is said when there were more', async () => {
  const stored = ['shop/a', 'shop/b', 'bank/a'].map((series, index) => report(`r${index}`, series));
  const load = (mostMissed?: number) =>
    loadLabels({
      labels: {
        anomalies: async () => [],
        missed: async ({ limit }) => stored.slice(0, limit),
        verdicts: async () => [],
      },
      namespace: 'default',
      model: 'shop',
      fromMs: 0,
      toMs: 1,
      series: new Set(['shop/a', 'shop/b']),
      ...(mostMissed !== undefined && { mostMissed }),
    });
  const all = await load();
  assert.deepEqual([all.missed.map(({ id }) => id), all.cutShort], [['r0', 'r1'], false]);
  const some = await load(1);
  assert.deepEqual([some.missed.map(({ id }) => id), some.cutShort], [['r0'], true]);
});
