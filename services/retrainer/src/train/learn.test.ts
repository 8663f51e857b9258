import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Comparison, ModelManifest } from '@verdict/contracts';
import { shopRows } from '../testing/shop-history.fixture.ts';
import { floodedShop } from './flooded-shop.fixture.ts';
import { runTraining } from './run-training.ts';
import { trainingWorld } from './training-world.fixture.ts';

test('after a change of what is normal a candidate that learnt the false alarms is accepted, and says why', async (t) => {
  const { memory, compared, train, first } = await floodedShop();
  assert.equal(first.version, 1, first.message);
  const outcome = await train('confidence-v1-11');
  for (const reason of outcome.message.split('; ')) t.diagnostic(reason);
  assert.equal(outcome.state, 'succeeded', outcome.message);
  const { manifest, evaluation } = memory.stored.get(2) ?? {};
  const { labels, taught, reference } = ModelManifest.parse(manifest);
  assert.ok(labels.confirmed.length > 0 && labels.falseAlarms.length > 10);
  assert.equal(labels.lastVerdict, 11);
  assert.ok(taught.some(({ series }) => series === null));
  assert.equal(reference?.errors.length, 63);
  const [candidate, champion] = [evaluation?.candidate ?? {}, evaluation?.baseline ?? {}];
  assert.equal(evaluation?.baselineVersion, 1);
  assert.ok((candidate.judgedFalseAlarms ?? 0) >= 1);
  assert.ok((candidate.judgedFalseAlarmsRepeated ?? 9) < (champion.judgedFalseAlarmsRepeated ?? 0));
  assert.ok((candidate.anomaliesPerThousand ?? 9) < 0.5 * (champion.anomaliesPerThousand ?? 0));
  assert.ok((candidate.judgedConfirmedFound ?? 0) >= (champion.judgedConfirmedFound ?? 9));
  const comparison = compared.at(-1);
  assert.deepEqual([comparison?.champion, comparison?.candidate, comparison?.series.length], [1, 2, 6]);
  assert.deepEqual(Comparison.parse(comparison), comparison);
});

test('equal history, verdicts and seed give the same net and the same manifest, but for its times', async () => {
  const made = await Promise.all(
    [1, 2].map(async () => {
      const { blobs, memory, train } = await floodedShop();
      await train('confidence-v1-11');
      const manifest = ModelManifest.parse(memory.stored.get(2)?.manifest);
      const timeless = { ...manifest, createdAt: '', training: { ...manifest.training, seconds: 0 } };
      return {
        net: blobs.stored.get('models/default/shop/2/model.onnx'),
        manifest: JSON.stringify(timeless),
      };
    }),
  );
  assert.ok((made[0]?.net?.length ?? 0) > 1000);
  assert.deepEqual(made[1], made[0]);
});

test('no reading in the time that a training looks at is said so, with the newest one that there is', async () => {
  const oldMs = Date.UTC(2025, 0, 1);
  const order = { namespace: 'default', model: 'shop', triggerId: 'asked-1', attempt: 1, mostAttempts: 1 };
  const { parts } = trainingWorld({ 'shop/a': shopRows(1, 60, oldMs) });
  const old = await runTraining({ ...parts, history: noHistory }, order);
  assert.equal(old.state, 'refused');
  assert.match(
    old.message,
    /no reading in the 14d of history .*spec\.training\.history: 20.*; the newest one is of 2025-01-01T00:00:00/,
  );
  const none = await runTraining(trainingWorld({}).parts, order);
  assert.match(none.message, /the pool has none at all/);
});

test('a candidate is judged by what is nominal on its pool', async () => {
  const nowMs = Date.now();
  const { parts, pool } = trainingWorld({
    'shop/1': shopRows(1, 600, nowMs),
    'shop/2': shopRows(2, 600, nowMs),
  });
  pool.spec.rollout.analysis.nominalPerThousand = 7;
  const order = { namespace: 'default', model: 'shop', triggerId: 'asked-1', attempt: 1, mostAttempts: 1 };
  assert.match((await runTraining(parts, order)).message, /\(nominal 7, version 0 opens/);
});

const noHistory = { readPool: async function* () {} };
