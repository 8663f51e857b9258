import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { helmMissing, render, root } from './helm.ts';

const skip = helmMissing;

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly podIdentity?: { readonly provider: string; readonly identityId?: string } };
}

async function rendered(file: string, sets: readonly string[] = []) {
  const { text, problem } = render({ files: [file], sets: ['crds.install=false', ...sets] });
  assert.equal(problem, undefined);
  const objects = parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object): object is Rendered => object !== null);
  const { SettingsFile } = await import(pathToFileURL(path.join(root, 'operator/src/read-settings.ts')).href);
  const told = objects.find(({ data }) => data?.['settings.json'] !== undefined)?.data?.['settings.json'];
  return {
    made: objects.filter(({ kind }) => kind === 'TriggerAuthentication'),
    lagSource: SettingsFile.parse(JSON.parse(told ?? '')).lagSource,
  };
}

test('KEDA comes to the lag as an identity of Azure, in every namespace with pools', { skip }, async () => {
  const { made, lagSource } = await rendered('ci/key-vault.yaml');
  assert.deepEqual(
    made.map(({ metadata, spec }) => [metadata.name, metadata.namespace, spec?.podIdentity]),
    [
      [
        'verdict-lag',
        'shop',
        { provider: 'azure-workload', identityId: '00000000-0000-0000-0000-000000000003' },
      ],
    ],
  );
  assert.equal(lagSource.authentication, 'verdict-lag');
});

test('a TriggerAuthentication of one’s own is named, and none is made', { skip }, async () => {
  const { made, lagSource } = await rendered('ci/gateway-api.yaml', [
    'workloads.lagSource.authentication.name=mine',
  ]);
  assert.deepEqual([made.length, lagSource.authentication], [0, 'mine']);
});
