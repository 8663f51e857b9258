import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type Comparison, Evaluation, ModelManifest } from '@verdict/contracts';
import { detectionSettings } from '@verdict/detection';
import type { TrainingResult } from '@verdict/training';
import { InMemoryBlobs, InMemoryRegistry } from '../testing/in-memory-registry.fixture.ts';
import type { LabelEvent } from './label-events.ts';
import { labelsOf, manifestOf, publish } from './publish.ts';

const onnx = new TextEncoder().encode('a net');
const tail = { border: 0.1, excess: 0.02 };
const result: TrainingResult = {
  onnx,
  settings: detectionSettings({ signals: ['cpu', 'requests'], window: 16 }),
  seed: 7,
  calibration: { row: tail, window: tail },
  errors: Array.from({ length: 63 }, (_, index) => index / 10),
  inputs: Array.from({ length: 100 }, (_, index) => index / 50 - 1),
  components: 3,
  series: 2,
  readings: 150,
  windowsFound: 90,
  windowsTrained: 70,
  windowsTaught: 10,
  falseAlarms: [1],
  windowsHeldBack: 20,
  heldBackFrom: 0,
  durationsMs: { sampling: 500, components: 500, fitting: 1500, calibrating: 500 },
  epochs: 12,
  losses: { start: 0.5, kept: 0.1 },
};
const history = { blocks: [], series: 2, readings: 150, leftOut: 0, fromMs: 1000, toMs: 2000 };
const event = { series: 'shop/a', fromMs: 1000, toMs: 1500 };
const events: LabelEvent[] = [
  { ...event, id: 'c', use: 'confirmed' },
  { ...event, id: 'h', use: 'held-back' },
  { ...event, id: 'm', use: 'missed' },
  { ...event, id: 't', use: 'taught' },
  { ...event, id: 'u', use: 'unjudged' },
];
const labels = labelsOf(events, events, 17);
const taught = [{ series: null, pattern: { cpu: -2.5 } }];
const manifest = manifestOf({ model: 'shop', version: 3, history, result, taught, labels, nowMs: 5000 });
const comparison: Comparison = { champion: 2, candidate: 3, series: [] };
const compared: Comparison[] = [];
const versions = {
  putComparison: async (_namespace: string, _model: string, one: Comparison) => {
    compared.push(one);
  },
};
const evaluation: Evaluation = {
  accepted: true,
  reasons: ['good'],
  candidate: {},
  baselineVersion: 0,
  baseline: {},
};
const parts = {
  namespace: 'team',
  signer: null,
  manifest,
  evaluation,
  comparison,
  versions,
  onnx,
  nowMs: 5000,
};

test('the manifest says what the version is made of, as the contract wants it', () => {
  assert.deepEqual(ModelManifest.parse(manifest), manifest);
  assert.equal(manifest.sha256, createHash('sha256').update(onnx).digest('hex'));
  assert.deepEqual(manifest.signals, ['cpu', 'requests']);
  assert.equal(manifest.training.seconds, 3);
  assert.equal(manifest.training.from, '1970-01-01T00:00:01.000Z');
  assert.deepEqual(manifest.labels, {
    confirmed: ['c'],
    falseAlarms: ['t'],
    missed: ['m'],
    lastVerdict: 17,
  });
  assert.deepEqual(manifest.taught, taught);
  assert.equal(
    manifest.reference?.inputs.counts.length,
    (manifest.reference?.inputs.borders.length ?? 0) + 1,
  );
});

test('whoever sees the row of a version finds its blobs', async () => {
  const blobs = new InMemoryBlobs();
  const { registry, stored } = new InMemoryRegistry();
  const seen: string[][] = [];
  const putVersion: typeof registry.putVersion = (...args) => {
    seen.push([...blobs.stored.keys()]);
    return registry.putVersion(...args);
  };
  await publish({ ...parts, blobs, registry: { putVersion } });
  const names = ['model.onnx', 'manifest.json', 'evaluation.json'].map(
    (name) => `models/team/shop/3/${name}`,
  );
  assert.deepEqual(seen, [names]);
  const text = (name: string) => new TextDecoder().decode(blobs.stored.get(`models/team/shop/3/${name}`));
  assert.deepEqual(ModelManifest.parse(JSON.parse(text('manifest.json'))), manifest);
  assert.deepEqual(Evaluation.parse(JSON.parse(text('evaluation.json'))), evaluation);
  assert.equal(stored.get(3)?.state, 'accepted');
  assert.deepEqual(compared, [comparison]);
});

test('a version whose blobs cannot be written gets no row', async () => {
  const { registry, stored } = new InMemoryRegistry();
  const blobs = { put: () => Promise.reject(new Error('the disk is full')), get: async () => null };
  await assert.rejects(publish({ ...parts, blobs, registry }), /the disk is full/);
  assert.equal(stored.size, 0);
});

test('publishing the same version again changes nothing', async () => {
  const blobs = new InMemoryBlobs();
  const { registry, stored } = new InMemoryRegistry();
  await publish({ ...parts, blobs, registry });
  const before = structuredClone([...stored.values()]);
  await publish({ ...parts, blobs, registry });
  assert.deepEqual([...stored.values()], before);
  assert.equal(blobs.stored.size, 3);
});

test('a refused version is kept as such, to be looked at', async () => {
  const blobs = new InMemoryBlobs();
  const { registry, stored } = new InMemoryRegistry();
  await publish({ ...parts, evaluation: { ...evaluation, accepted: false }, blobs, registry });
  assert.equal(stored.get(3)?.state, 'refused');
  assert.equal(stored.get(3)?.createdAtMs, 5000);
});
