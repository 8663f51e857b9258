import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmMissing, renderedObjects } from './helm.ts';
import { toldSettings } from './operator-pods.ts';

const skip = helmMissing;

interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly podIdentity?: { readonly provider: string; readonly identityId?: string } };
}

async function rendered(file: string, sets: readonly string[] = []) {
  const objects = renderedObjects<Rendered>(file, sets);
  return {
    made: objects.filter(({ kind }) => kind === 'TriggerAuthentication'),
    lagSource: (await toldSettings(objects)).lagSource,
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
