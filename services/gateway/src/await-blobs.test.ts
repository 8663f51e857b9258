import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogger, systemClock } from '@verdict/process';
import { type BlobStore, BlobStoreUnavailable } from '@verdict/storage';
import { awaitBlobs } from './await-blobs.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const store: BlobStore = {
  put: async () => {},
  get: async () => null,
  delete: async () => {},
  list: async (prefix) => [`${prefix}/model.onnx`],
};

/** A clock whose sleeps are short, except for the start's patience. */
function tools() {
  const crashes: unknown[] = [];
  const stop = new AbortController();
  const slept: number[] = [];
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => {
      slept.push(ms);
      return systemClock.sleep(Math.min(ms, 5), signal);
    },
  };
  return { crashes, stop, slept, clock, logger, signal: stop.signal, crash: (e: unknown) => crashes.push(e) };
}

async function until(what: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    try {
      await what();
      return;
    } catch {
      await systemClock.sleep(5);
    }
  }
  await what();
}

test('a store that is there is ready at once', async () => {
  const { blobs, ready } = await awaitBlobs(async () => store, tools());
  await ready();
  assert.deepEqual(await blobs.list('models'), ['models/model.onnx']);
});

test('a store that comes up later is waited for with growing pauses, and until then refuses with the reason', async () => {
  const given = tools();
  let tries = 0;
  const open = async () => {
    if (++tries < 6) throw new BlobStoreUnavailable(`the blob store cannot make the container: try ${tries}`);
    return store;
  };
  const { blobs, ready } = await awaitBlobs(open, given);
  await assert.rejects(ready(), /cannot make the container: try/);
  await assert.rejects(blobs.list('models'), BlobStoreUnavailable);
  await assert.rejects(blobs.delete('models/x'), BlobStoreUnavailable);
  await until(ready);
  assert.deepEqual(await blobs.list('models'), ['models/model.onnx']);
  assert.equal(tries, 6);
  assert.ok(given.slept.every((ms) => ms <= 5000));
  assert.deepEqual(given.crashes, []);
});

test('a store that hangs does not hold up the start', async () => {
  let answer: (store: BlobStore) => void = () => {};
  const open = () =>
    new Promise<BlobStore>((resolve) => {
      answer = resolve;
    });
  const { ready } = await awaitBlobs(open, tools());
  await assert.rejects(ready(), /has not answered yet/);
  answer(store);
  await until(ready);
});

test('a setting that can never be right ends the start; one that shows later is a crash', async () => {
  const wrong = new TypeError('cannot open the blob store: this is not a URL');
  await assert.rejects(
    awaitBlobs(() => Promise.reject(wrong), tools()),
    wrong,
  );
  const given = tools();
  let tries = 0;
  const open = () => Promise.reject(++tries === 1 ? new BlobStoreUnavailable('away') : wrong);
  await awaitBlobs(open, given);
  await until(async () => assert.deepEqual(given.crashes, [wrong]));
});

test('a process that stops while it waits ends the waiting, and this is no crash', async () => {
  const given = tools();
  let tries = 0;
  const open = () => {
    tries++;
    return Promise.reject(new BlobStoreUnavailable('away'));
  };
  await awaitBlobs(open, given);
  given.stop.abort(new Error('stopped'));
  await systemClock.sleep(20);
  const triesThen = tries;
  await systemClock.sleep(50);
  assert.equal(tries, triesThen);
  assert.deepEqual(given.crashes, []);
});
