import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelManifest } from '@verdict/contracts';
import { detectionSettings } from '@verdict/detection';
import { shopRows, shopSignals } from '../testing/shop-history.fixture.ts';
import { loadChampion } from './load-champion.ts';
import { runTraining } from './run-training.ts';
import { trainingWorld } from './training-world.fixture.ts';

const settings = detectionSettings({ signals: shopSignals, window: 16, recurring: 'alarm' });
const where = { namespace: 'default', model: 'shop', settings, trusted: null };

test('a version is loaded as it was published, and one that cannot be is stood in for, with the reason', async () => {
  const nowMs = Date.now();
  const { parts, blobs } = trainingWorld({
    'shop/1': shopRows(1, 600, nowMs),
    'shop/2': shopRows(2, 600, nowMs),
  });
  const order = { namespace: 'default', model: 'shop', triggerId: 'asked-1', attempt: 1, mostAttempts: 1 };
  assert.equal((await runTraining(parts, order)).version, 1);
  const load = (version: number) => loadChampion({ ...where, blobs: parts.blobs, version });

  const loaded = await load(1);
  assert.deepEqual([loaded.model.version, loaded.standsIn, loaded.network?.inputWidth], [1, null, 32]);
  const [net, manifest] = ['model.onnx', 'manifest.json'].map((name) => `models/default/shop/1/${name}`);
  const text = new TextDecoder().decode(blobs.stored.get(manifest ?? ''));
  assert.deepEqual(loaded.model.reference, ModelManifest.parse(JSON.parse(text)).reference);
  await loaded.network?.close();

  const standsIn = async (version: number, why: RegExp) => {
    const champion = await load(version);
    assert.deepEqual([champion.model.version, champion.network], [0, null]);
    assert.match(champion.standsIn ?? '', why);
  };
  await standsIn(2, /version 2 serves but cannot be loaded .*2\/manifest\.json is missing/);
  const bytes = blobs.stored.get(net ?? '') ?? new Uint8Array(1);
  blobs.stored.set(net ?? '', bytes.toReversed());
  await standsIn(1, /has SHA-256 .*, its manifest says/);
  blobs.stored.set(manifest ?? '', new TextEncoder().encode('{'));
  await standsIn(1, /is not JSON/);
  blobs.stored.set(manifest ?? '', new TextEncoder().encode('{}'));
  await standsIn(1, /does not fit/);
  assert.deepEqual((await load(0)).standsIn, null);

  const away = { get: async () => Promise.reject(new Error('the store is away')) };
  await assert.rejects(loadChampion({ ...where, blobs: away, version: 1 }), /the store is away/);
});
