import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { AnomalyModelSpec, DetectorPoolSpec } from '@verdict/contracts';
import { openStores } from '@verdict/storage';
import { storeTest } from '@verdict/storage/testing';

const tests = storeTest();
let folder = '';
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verdict-train-'));
});
after(() => rm(folder, { recursive: true }));

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Runs `retrainer` to its end. */
async function retrainer(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close', { signal: AbortSignal.timeout(60_000) });
  return { code, stdout, stderr };
}

test('a job answers with its exit code, and leaves the answer in the registry', {
  timeout: 120_000,
}, async () => {
  const db = await tests.database();
  const { registry, plans } = openStores(db);
  const train = (triggerId: string, more: Record<string, string> = {}) =>
    retrainer(['train'], {
      VERDICT_DATABASE_URL: db.url,
      VERDICT_BLOBS_URL: pathToFileURL(folder).href,
      VERDICT_MODEL: 'shop',
      VERDICT_TRIGGER_ID: triggerId,
      ...more,
    });
  const states = async () =>
    Object.fromEntries(
      (await registry.trainings('default', 'shop', 9)).map((run) => [run.triggerId, run.state]),
    );

  const unknown = await train('history-0');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /there is no model default\/shop/);

  const spec = AnomalyModelSpec.parse({ series: ['shop/**'] });
  await registry.putModel({ namespace: 'default', name: 'shop', spec });
  assert.equal((await train('history-0', { VERDICT_MOST_ATTEMPTS: '3' })).code, 1);
  assert.deepEqual(await states(), { 'history-0': 'running' });

  const pool = DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' });
  await plans.putPool({ namespace: 'default', name: 'shop', spec: pool });
  assert.equal((await train('history-0', { VERDICT_MOST_ATTEMPTS: '3', VERDICT_ATTEMPT: '2' })).code, 3);
  assert.deepEqual(await states(), { 'history-0': 'refused' });
  assert.equal((await train('history-0')).code, 0);

  await registry.beginTraining({ namespace: 'default', model: 'shop', triggerId: 'history-1' });
  const givenUp = await train('history-1', { VERDICT_MOST_ATTEMPTS: '3', VERDICT_FAILED_ATTEMPTS: '3' });
  assert.equal(givenUp.code, 4);
  assert.match(givenUp.stderr, /training failed for good: all 3 attempts ended/);
  assert.deepEqual(await states(), { 'history-0': 'refused', 'history-1': 'failed' });
});

test('a command that is not there, and a configuration that does not fit, are explained', async () => {
  const none = await retrainer([]);
  assert.deepEqual([none.code, none.stdout], [2, '']);
  assert.match(none.stderr, /^Usage: retrainer feedback \| train \| sign \| artefact-key FILE/);
  const asked = await retrainer(['--help']);
  assert.equal(asked.code, 0);
  assert.match(asked.stdout, /^Usage: retrainer/);
  const bare = await retrainer(['train']);
  assert.equal(bare.code, 2);
  for (const name of ['VERDICT_DATABASE_URL', 'VERDICT_BLOBS_URL', 'VERDICT_MODEL', 'VERDICT_TRIGGER_ID'])
    assert.match(bare.stderr, new RegExp(`${name} is not set`));
});

test('a key is made, a job that signs ends by itself, and one whose versions nobody could load does not start', async () => {
  const db = await tests.database();
  const key = path.join(folder, 'artefact-key.json');
  const made = await retrainer(['artefact-key', key]);
  assert.equal(made.code, 0, made.stderr);
  const keys = path.join(folder, 'artefact-keys.json');
  await writeFile(keys, made.stdout);
  const environment = {
    VERDICT_DATABASE_URL: db.url,
    VERDICT_BLOBS_URL: pathToFileURL(folder).href,
    VERDICT_ARTEFACT_JWKS_FILE: keys,
  };
  const signed = await retrainer(['sign'], { ...environment, VERDICT_ARTEFACT_KEY_FILE: key });
  assert.equal(signed.code, 0, signed.stderr);
  assert.match(signed.stderr, /"signed":0,"refused":0/);
  const shop = { VERDICT_MODEL: 'shop', VERDICT_TRIGGER_ID: 'asked-1' };
  const unsigned = await retrainer(['train'], { ...environment, ...shop });
  assert.equal(unsigned.code, 2);
  assert.match(unsigned.stderr, /VERDICT_ARTEFACT_KEY_FILE.*needed together with VERDICT_ARTEFACT_JWKS_FILE/);
});
