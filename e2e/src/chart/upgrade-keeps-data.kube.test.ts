import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const { VERDICT_CLUSTER: cluster } = process.env;
const tag = 'dev';

/** False, or why there is no node with our images to try it on. */
function missing(): string | false {
  if (!cluster) return 'no cluster with nodes: set VERDICT_CLUSTER';
  const words = [
    'exec',
    'kubectl',
    'get',
    'nodes',
    '--output=jsonpath={.items[*].status.images[*].names[*]}',
  ];
  const asked = spawnSync(cluster, words, { encoding: 'utf8', timeout: 60_000 });
  if (asked.status !== 0) return 'the cluster is down: "$VERDICT_CLUSTER" up';
  const values = readFileSync(new URL('../../../charts/verdict/values.yaml', import.meta.url), 'utf8');
  const azurite = /azuriteImage: (\S+)/.exec(values)?.[1] ?? '';
  const names = ['gateway', 'detector', 'retrainer', 'operator', 'embedded'];
  const wanted = [...names.map((name) => `docker.io/verdict/${name}:${tag}`), azurite];
  const lacking = wanted.filter((image) => !asked.stdout.split(/\s+/).includes(image));
  return (
    lacking.length > 0 && `not in the cluster: ${lacking.join(', ')} (docs/chart.md says how they come there)`
  );
}

const skip = missing();
if (skip !== false)
  console.error(`
************************************************************************************************
* SKIPPED: that an upgrade of the chart keeps data. ${skip}
************************************************************************************************`);

test('an upgrade of the chart keeps readings, scores, blobs, log-ins and keys', {
  skip,
  timeout: 900_000,
}, () => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const words = ['exec', process.execPath, main, '--images', tag];
  const run = spawnSync(cluster ?? '', words, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 880_000 });
  assert.equal(run.status, 0);
});
