import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BlobExists, type BlobStore } from '../ports/blob-store.ts';
import { InvalidBlobName } from './blob-name.ts';

/** What every blob store keeps to; `open` gives an empty one. */
export function blobStoreContract(adapter: string, open: () => Promise<BlobStore>): void {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const text = (blob: Uint8Array | null) => (blob === null ? null : new TextDecoder().decode(blob));

  test(`${adapter}: a blob comes back as it was put, an empty one too`, async () => {
    const blobs = await open();
    await blobs.put('models/shop/3/model.onnx', bytes('net'));
    await blobs.put('empty', new Uint8Array(0));
    assert.equal(text(await blobs.get('models/shop/3/model.onnx')), 'net');
    assert.equal(text(await blobs.get('empty')), '');
  });

  test(`${adapter}: there is null where nothing was put`, async () => {
    const blobs = await open();
    await blobs.put('a/b', bytes('x'));
    assert.equal(await blobs.get('a/c'), null);
    assert.equal(await blobs.get('a/b/c'), null);
  });

  test(`${adapter}: a name is taken once; putting equal bytes again is fine`, async () => {
    const blobs = await open();
    await blobs.put('a', bytes('one'));
    await blobs.put('a', bytes('one'));
    await assert.rejects(blobs.put('a', bytes('two')), BlobExists);
    assert.equal(text(await blobs.get('a')), 'one');
  });

  test(`${adapter}: of many writers of one name exactly one wins`, async () => {
    const blobs = await open();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, i) => blobs.put('race', bytes(`writer ${i}`))),
    );
    const winners = outcomes.flatMap((outcome, i) => (outcome.status === 'fulfilled' ? [i] : []));
    assert.equal(winners.length, 1);
    assert.equal(text(await blobs.get('race')), `writer ${winners[0]}`);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') assert.ok(outcome.reason instanceof BlobExists);
  });

  test(`${adapter}: a listing has the names with a prefix, ascending, and nothing else`, async () => {
    const blobs = await open();
    for (const name of ['state/b/2', 'state/b/10', 'state/a', 'models/x', 'state-of-things'])
      await blobs.put(name, bytes(name));
    assert.deepEqual(await blobs.list('state/'), ['state/a', 'state/b/10', 'state/b/2']);
    assert.deepEqual(await blobs.list('state/b/1'), ['state/b/10']);
    assert.deepEqual(await blobs.list('nothing/'), []);
    assert.equal((await blobs.list('')).length, 5);
  });

  test(`${adapter}: a deleted blob is gone, its name is free, and deleting again does nothing`, async () => {
    const blobs = await open();
    await blobs.put('a', bytes('one'));
    await blobs.delete('a');
    await blobs.delete('a');
    assert.equal(await blobs.get('a'), null);
    await blobs.put('a', bytes('two'));
    assert.equal(text(await blobs.get('a')), 'two');
  });

  test(`${adapter}: names that lead elsewhere are refused`, async () => {
    const blobs = await open();
    for (const name of [
      '',
      '/etc/passwd',
      '../a',
      'a/../../b',
      'a//b',
      'a/',
      '.',
      'a\\b',
      'a\0b',
      '.hidden',
    ]) {
      await assert.rejects(async () => blobs.put(name, bytes('x')), InvalidBlobName, name);
      await assert.rejects(async () => blobs.get(name), InvalidBlobName, name);
      await assert.rejects(async () => blobs.delete(name), InvalidBlobName, name);
    }
    assert.deepEqual(await blobs.list('../'), []);
  });
}
