import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Comparison, ManifestSummary, ModelManifest } from '@verdict/contracts';
import { openStores } from '../open-stores.ts';
import type { VersionRow } from '../ports/registry-store.ts';
import { storeTest } from '../testing/store-test.ts';

const tests = storeTest();
const candidate: VersionRow = {
  version: 2,
  state: 'candidate',
  createdAtMs: 1_000,
  manifest: null,
  evaluation: null,
};

function comparisonOf(version: number, series: string): Comparison {
  const columns = { times: [1, 2], value: [0.5, null], champion: [0.1, 0.2], candidate: [0.3, 0.4] };
  const said = { fromMs: 1, toMs: 2, kind: 'missed' as const, championAlarms: false, candidateAlarms: true };
  return {
    champion: 1,
    candidate: version,
    series: [{ series, signal: 'cpu', ...columns, judged: [said] }],
  };
}

test('the state of a version changes alone, and only where there is such a version', async () => {
  const { registry, versions } = openStores(await tests.database());
  await registry.putVersion('default', 'shop', candidate);
  assert.equal(await versions.setState('default', 'shop', 2, 'accepted'), true);
  assert.equal(await versions.setState('default', 'shop', 3, 'accepted'), false);
  assert.equal(await versions.setState('other', 'shop', 2, 'aborted'), false);
  assert.deepEqual(await registry.versions('default', 'shop'), [{ ...candidate, state: 'accepted' }]);
});

test('a summary counts what went into a version, and leaves the bulk where it is', async () => {
  const db = await tests.database();
  const { registry, versions } = openStores(db);
  const tail = { border: 1, excess: 0.5 };
  const at = '2026-01-01T00:00:00.000Z';
  const nothing = { series: 0, readings: 0, windows: 0, epochs: 0, seed: 0, seconds: 0 };
  const manifest = ModelManifest.parse({
    manifestVersion: 1,
    model: 'shop',
    version: 2,
    sha256: 'a'.repeat(64),
    signals: 'each',
    window: 8,
    calibration: { row: tail, window: tail },
    reference: { errors: new Array(63).fill(1), inputs: { borders: [], counts: [] } },
    taught: [
      { series: null, pattern: { cpu: 4 } },
      { series: 'shop/a', pattern: { cpu: 2 } },
      { series: 'shop/b', pattern: { cpu: 3 } },
    ],
    labels: { confirmed: ['a', 'b'], falseAlarms: ['c'], missed: [], lastVerdict: 41 },
    training: { from: at, to: at, ...nothing, lossBefore: 1, lossAfter: 0.5 },
    createdAt: at,
  });
  await registry.putVersion('default', 'shop', { ...candidate, version: 1 });
  await registry.putVersion('default', 'shop', { ...candidate, manifest });
  await registry.putVersion('default', 'shop', { ...candidate, version: 3, manifest });
  await db.query(`UPDATE model_version SET manifest = manifest - 'taught' - 'labels' WHERE version = 3`);
  const { calibration, reference, taught, labels, ...rest } = manifest;
  const light = {
    ...rest,
    taught: { everywhere: 1, single: 2 },
    labels: { confirmed: 2, falseAlarms: 1, missed: 0, lastVerdict: 41 },
  };
  const old = {
    ...rest,
    taught: { everywhere: 0, single: 0 },
    labels: { confirmed: 0, falseAlarms: 0, missed: 0, lastVerdict: 0 },
  };
  const rows = await versions.summaries('default', 'shop');
  assert.deepEqual(rows, [
    { ...candidate, version: 1 },
    { ...candidate, manifest: light },
    { ...candidate, version: 3, manifest: old },
  ]);
  assert.deepEqual(ManifestSummary.parse(light), light);
});

test('a comparison is there for its version, before it is registered and after it was written again', async () => {
  const { registry, versions } = openStores(await tests.database());
  assert.equal(await versions.comparison('default', 'shop', 2), null);
  await versions.putComparison('default', 'shop', comparisonOf(2, 'shop/a'));
  await registry.putVersion('default', 'shop', candidate);
  await registry.putVersion('default', 'shop', { ...candidate, state: 'accepted' });
  assert.deepEqual(await versions.comparison('default', 'shop', 2), comparisonOf(2, 'shop/a'));
  await versions.putComparison('default', 'shop', comparisonOf(2, 'shop/b'));
  assert.deepEqual(await versions.comparison('default', 'shop', 2), comparisonOf(2, 'shop/b'));
  assert.equal(await versions.comparison('default', 'other', 2), null);
});

test('a training that somebody asked for is asked for until it began, and the newest request counts', async () => {
  const { registry, versions } = openStores(await tests.database());
  const asked = () => versions.asked('default', 'shop');
  assert.equal(await asked(), null);
  await versions.askTraining('default', 'shop', 'asked-1');
  await versions.askTraining('default', 'shop', 'asked-2');
  assert.equal(await asked(), 'asked-2');
  const begin = (triggerId: string) =>
    registry.beginTraining({ namespace: 'default', model: 'shop', triggerId });
  await begin('asked-1');
  assert.equal(await asked(), 'asked-2');
  assert.equal(await versions.asked('default', 'other'), null);
  await begin('asked-2');
  assert.equal(await asked(), null);
  await versions.askTraining('default', 'shop', 'asked-3');
  assert.equal(await asked(), 'asked-3');
});

test('who listens hears of states and requests', async () => {
  const { registry, versions, changes } = openStores(await tests.database());
  await registry.putVersion('default', 'shop', candidate);
  const heard: unknown[] = [];
  const both = Promise.withResolvers<void>();
  const listener = await changes.listen(
    (change) => {
      heard.push(change);
      if (heard.length === 2) both.resolve();
    },
    () => undefined,
  );
  await versions.setState('default', 'shop', 2, 'aborted');
  await versions.setState('default', 'shop', 9, 'aborted');
  await versions.askTraining('default', 'shop', 'asked-1');
  await both.promise;
  await listener.stop();
  const told = { topic: 'model', namespace: 'default', name: 'shop' };
  assert.deepEqual(heard, [
    { ...told, event: 'version 2 is aborted' },
    { ...told, event: 'a training was asked for' },
  ]);
});
