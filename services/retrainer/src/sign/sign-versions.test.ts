import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { detectionSettings } from '@verdict/detection';
import { createLogger, StartError } from '@verdict/process';
import { fetchVersion, readArtefactSigner, trustedKeysFile } from '@verdict/storage';
import { shopRows, shopSignals } from '../testing/shop-history.fixture.ts';
import { loadChampion } from '../train/load-champion.ts';
import { runTraining } from '../train/run-training.ts';
import { trainingWorld } from '../train/training-world.fixture.ts';
import { openArtefactKeys } from './open-artefact-keys.ts';
import { printArtefactKey } from './print-artefact-key.ts';
import { signVersions } from './sign-versions.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verdict-sign-test-'));
});
after(() => rm(folder, { recursive: true }));

const logger = createLogger({ name: 'test', level: 'silent' });
const order = { namespace: 'default', model: 'shop', attempt: 1, mostAttempts: 1 };

/** A new key, and the file in which it is trusted. */
async function keyFiles(name: string) {
  const VERDICT_ARTEFACT_KEY_FILE = path.join(folder, `${name}.json`);
  const VERDICT_ARTEFACT_JWKS_FILE = path.join(folder, `${name}-public.json`);
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  assert.equal(await printArtefactKey(VERDICT_ARTEFACT_KEY_FILE, { print, complain: assert.fail }), 0);
  await writeFile(VERDICT_ARTEFACT_JWKS_FILE, printed.join(''));
  return { VERDICT_ARTEFACT_KEY_FILE, VERDICT_ARTEFACT_JWKS_FILE };
}

test('a key is made once, for its owner alone, and what is printed of it is public', async () => {
  const files = await keyFiles('once');
  const key = await readFile(files.VERDICT_ARTEFACT_KEY_FILE, 'utf8');
  assert.equal((await stat(files.VERDICT_ARTEFACT_KEY_FILE)).mode & 0o777, 0o600);
  const set = await readFile(files.VERDICT_ARTEFACT_JWKS_FILE, 'utf8');
  assert.ok(!set.includes((JSON.parse(key) as { d: string }).d));
  await keyFiles('once');
  assert.equal(await readFile(files.VERDICT_ARTEFACT_KEY_FILE, 'utf8'), key);
  const said: string[] = [];
  const complain = (text: string) => void said.push(text);
  assert.equal(await printArtefactKey(undefined, { print: assert.fail, complain }), 2);
  assert.equal(await printArtefactKey(path.join(folder, 'no/where'), { print: assert.fail, complain }), 1);
  assert.equal(said.length, 2);
});

test('a process does not start with keys that nobody could load its versions with', async () => {
  const one = await keyFiles('one');
  const two = await keyFiles('two');
  const { signer, trusted } = await openArtefactKeys(one);
  assert.deepEqual(
    (await trusted?.())?.map(({ kid }) => kid),
    [signer?.kid],
  );
  assert.deepEqual(await openArtefactKeys({}), { signer: null, trusted: null });
  const mixed = { ...one, VERDICT_ARTEFACT_JWKS_FILE: two.VERDICT_ARTEFACT_JWKS_FILE };
  await assert.rejects(
    openArtefactKeys(mixed),
    (error) => error instanceof StartError && /lacks/.test(error.message),
  );
  for (const [name, file] of Object.entries({
    VERDICT_ARTEFACT_KEY_FILE: one.VERDICT_ARTEFACT_JWKS_FILE,
    VERDICT_ARTEFACT_JWKS_FILE: one.VERDICT_ARTEFACT_KEY_FILE,
  }))
    await assert.rejects(
      openArtefactKeys({ ...one, [name]: file }),
      (error) => error instanceof StartError && error.message.startsWith(`${name}: `),
    );
});

test('a key that comes to the file of trusted ones counts at the next version', async () => {
  const one = await keyFiles('before');
  const trusted = await trustedKeysFile(one.VERDICT_ARTEFACT_JWKS_FILE);
  const more = await readArtefactSigner((await keyFiles('after')).VERDICT_ARTEFACT_KEY_FILE);
  const keys = [...(await trusted()).map(({ kid }) => kid), more?.kid];
  const { keys: first } = JSON.parse(await readFile(one.VERDICT_ARTEFACT_JWKS_FILE, 'utf8')) as {
    keys: object[];
  };
  await writeFile(
    one.VERDICT_ARTEFACT_JWKS_FILE,
    JSON.stringify({ keys: [...first, ...(more?.keySet.keys ?? [])] }),
  );
  assert.deepEqual(
    (await trusted()).map(({ kid }) => kid),
    keys,
  );
});

test('versions from before are signed as the registry knows them, altered ones are not, and what comes later is signed at once', async () => {
  const nowMs = Date.now();
  const { parts, blobs, memory } = trainingWorld({ 'shop/1': shopRows(1, 600, nowMs) });
  assert.equal((await runTraining(parts, { ...order, triggerId: 'asked-1' })).version, 1);
  assert.equal((await runTraining(parts, { ...order, triggerId: 'asked-2' })).version, 2);
  const keys = await openArtefactKeys(await keyFiles('later'));
  const { signer, trusted } = keys;
  assert.ok(signer !== null && trusted !== null);
  const net = 'models/default/shop/2/model.onnx';
  const bytes = blobs.stored.get(net) ?? new Uint8Array(1);
  blobs.stored.set(net, bytes.toReversed());

  const registry = {
    models: parts.registry.models,
    versions: async () => [...memory.stored.values()],
  };
  const sign = () => signVersions({ registry, blobs, signer, logger });
  assert.deepEqual(await sign(), { signed: 1, refused: 1 });
  assert.deepEqual(await sign(), { signed: 1, refused: 1 }, 'again: nothing changes');
  const loaded = (version: number) =>
    fetchVersion({ blobs, trusted }, { namespace: 'default', model: 'shop', version }, async () => true);
  assert.equal(await loaded(1), true);
  await assert.rejects(loaded(2), /is not signed/);
  const settings = detectionSettings({ signals: shopSignals, window: 16, recurring: 'alarm' });
  const champion = await loadChampion({
    blobs,
    trusted,
    settings,
    namespace: 'default',
    model: 'shop',
    version: 2,
  });
  assert.match(champion.standsIn ?? '', /version 2 serves but cannot be loaded .*is not signed/);

  const third = await runTraining({ ...parts, ...keys }, { ...order, triggerId: 'asked-3' });
  assert.equal(await loaded(third.version ?? 0), true);
});
