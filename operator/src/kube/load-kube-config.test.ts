import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { StartError } from '@verdict/process';
import { loadKubeConfig } from './load-kube-config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'verdict-kubeconfig-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const at = path.join(folder, name);
  writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
  return at;
}

const config = (name: string) => ({
  clusters: [
    { name, cluster: { server: `https://${name}.example:6443`, 'certificate-authority': 'ca.crt' } },
  ],
  users: [{ name, user: { token: 'secret' } }],
  contexts: [{ name, context: { cluster: name, user: name, namespace: `${name}-space` } }],
  'current-context': name,
});

test('Of several files the first says which context is meant, and paths are relative to their own file', () => {
  const files = [file('one', config('one')), file('two', config('two'))].join(path.delimiter);
  const loaded = loadKubeConfig(files);
  assert.equal(loaded.getCurrentCluster()?.server, 'https://one.example:6443');
  assert.equal(loaded.getCurrentCluster()?.caFile, path.join(folder, 'ca.crt'));
  assert.deepEqual(
    loaded.getClusters().map((cluster) => cluster.name),
    ['one', 'two'],
  );
});

test('A file that is missing, is no configuration or names no context ends the start with a sentence', () => {
  const { clusters, users } = config('x');
  for (const given of [
    path.join(folder, 'nowhere'),
    file('text', 'just: [words'),
    file('contextless', { clusters, users, contexts: [] }),
  ])
    assert.throws(() => loadKubeConfig(given), StartError, given);
});
