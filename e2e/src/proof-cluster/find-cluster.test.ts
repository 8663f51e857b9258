import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findCluster } from './find-cluster.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

test('a cluster command comes before a cluster that is there', () => {
  assert.deepEqual(findCluster({ VERDICT_CLUSTER: '/c', KUBECONFIG: '/k' }), {
    kind: 'command',
    command: '/c',
  });
  assert.deepEqual(findCluster({ VERDICT_CLUSTER: '', KUBECONFIG: '/k' }), { kind: 'kubeconfig' });
  assert.deepEqual(findCluster({}), { kind: 'none' });
});

test('where there is no cluster the proof is skipped, and says so loudly', () => {
  const { VERDICT_CLUSTER: _, KUBECONFIG: __, ...env } = process.env;
  const run = spawnSync(process.execPath, [main], { encoding: 'utf8', env });
  assert.equal(run.status, 0);
  assert.match(run.stderr, /SKIPPED: npm run e2e/);
});

test('a cluster that cannot be started is no failure, and is told loudly', () => {
  const env = { ...process.env, VERDICT_CLUSTER: 'false' };
  const run = spawnSync(process.execPath, [main], { encoding: 'utf8', env });
  assert.equal(run.status, 0);
  assert.match(run.stderr, /SKIPPED: npm run e2e.*could not start/);
});

test('a mistake in the arguments is no skipped proof', () => {
  const run = spawnSync(process.execPath, [main, '--minutes', 'soon'], { encoding: 'utf8' });
  assert.equal(run.status, 2);
});
