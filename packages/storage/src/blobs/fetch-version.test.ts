import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { BlobTooLarge } from '../ports/blob-store.ts';
import { fetchVersion, type VersionSource } from './fetch-version.ts';
import { UnusableVersion } from './unusable-version.ts';
import { versionFolder } from './version-ref.ts';

const ref = { namespace: 'default', model: 'shop', version: 3 };
const folder = versionFolder(ref);
const onnx = Buffer.from('a net');
const time = '2026-01-01T00:00:00.000Z';
const nothing = { series: 0, readings: 0, windows: 0, epochs: 0, seed: 0, seconds: 0 };
const tail = { border: 1, excess: 0.5 };
const whole = {
  manifestVersion: 1,
  model: 'shop',
  version: 3,
  sha256: createHash('sha256').update(onnx).digest('hex'),
  signals: 'each',
  window: 8,
  calibration: { row: tail, window: tail },
  training: { from: time, to: time, ...nothing, lossBefore: 1, lossAfter: 0.5 },
  createdAt: time,
};

const from = (store: VersionSource['blobs']): VersionSource => ({ blobs: store, trusted: null });

function blobs(manifest: object | string | null, net: Uint8Array | null = onnx) {
  const text = typeof manifest === 'object' ? JSON.stringify(manifest) : manifest;
  const stored = new Map<string, Uint8Array>();
  if (manifest !== null) stored.set(`${folder}/manifest.json`, Buffer.from(text));
  if (net !== null) stored.set(`${folder}/model.onnx`, net);
  return from({ get: async (name: string) => stored.get(name) ?? null });
}

test('a version is handed over as it was published, its manifest whole', async () => {
  const fetched = await fetchVersion(blobs(whole), ref, async (version) => version);
  assert.deepEqual(fetched.onnx, onnx);
  assert.deepEqual([fetched.manifest.version, fetched.manifest.taught], [3, []]);
});

test('a version that is missing, altered or of another kind cannot be used, and the sentence says which', async () => {
  const cases = [
    [blobs(null), /models\/default\/shop\/3\/manifest\.json is missing/],
    [blobs('{'), /manifest\.json is not JSON/],
    [blobs({ ...whole, window: 'x' }), /manifest\.json does not fit: window: /],
    [blobs({ ...whole, version: 4 }), /manifest\.json is of shop version 4/],
    [blobs(whole, null), /model\.onnx is missing/],
    [blobs(whole, Buffer.from('another')), /model\.onnx has SHA-256 .*, its manifest says/],
  ] as const;
  for (const [source, why] of cases)
    await assert.rejects(
      fetchVersion(source, ref, async () => null),
      (error) => error instanceof UnusableVersion && why.test(error.message),
    );
});

test('a version that is too large is refused before anybody looks into it', async () => {
  const cases = [
    [blobs(' '.repeat(16 * 1024 * 1024 + 1)), /manifest\.json has 16777217 bytes, more than 16777216/],
    [blobs(whole, Buffer.alloc(64 * 1024 * 1024 + 1)), /model\.onnx has 67108865 bytes, more than/],
    [from({ get: () => Promise.reject(new BlobTooLarge('the blob is huge')) }), /the blob is huge/],
  ] as const;
  for (const [source, why] of cases)
    await assert.rejects(
      fetchVersion(source, ref, async () => null),
      (error) => error instanceof UnusableVersion && why.test(error.message),
    );
});

test('a version whose net cannot be opened cannot be used; a store that cannot be asked is no fault of it', async () => {
  const open = fetchVersion(blobs(whole), ref, () => Promise.reject(new Error('no ONNX')));
  await assert.rejects(open, (error) => error instanceof UnusableVersion && /no ONNX/.test(error.message));
  const away = from({ get: () => Promise.reject(new Error('the store is away')) });
  await assert.rejects(
    fetchVersion(away, ref, async () => null),
    (error) => !(error instanceof UnusableVersion),
  );
});
