import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmMissing, renderedObjects } from './helm.ts';
import { load, podsOfOperator } from './operator-pods.ts';

const skip = helmMissing;

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}
interface PodSpec {
  readonly containers: readonly { readonly env?: readonly EnvVar[] }[];
}
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

/** How gateway, detectors and trainings are told where blobs are. */
async function toldBlobs(objects: readonly Rendered[]): Promise<EnvVar[]> {
  const gateway = objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'verdict-gateway',
  );
  const { detector, training } = await podsOfOperator(objects);
  const specs: PodSpec[] = [gateway?.spec?.template?.spec ?? { containers: [] }, detector, training];
  return specs.map(({ containers }) => {
    const found = containers[0]?.env?.find(({ name }) => name === 'VERDICT_BLOBS_URL');
    assert.ok(found);
    return found;
  });
}

test('in a trial gateway, detectors and trainings find the same blobs: Azurite’s', { skip }, async () => {
  const objects = renderedObjects<Rendered>('ci/embedded.yaml');
  const found = await toldBlobs(objects);
  for (const { valueFrom } of found)
    assert.deepEqual(valueFrom, { secretKeyRef: { name: 'verdict-embedded', key: 'blobs' } });
  const secret = objects.find(
    ({ kind, metadata }) => kind === 'Secret' && metadata.name === 'verdict-embedded',
  );
  const { azureContainer } = await load('packages/storage/src/blobs/azure-container.ts');
  const where = azureContainer(secret?.stringData?.blobs);
  assert.equal(where?.container, 'verdict');
  assert.match(
    where?.connectionString,
    /BlobEndpoint=http:\/\/verdict-azurite\.verdict\.svc:10000\/verdict;?$/,
  );
  assert.ok(
    objects.some(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'verdict-azurite'),
  );
});

test('where a trial has blobs of its own, they are everybody’s and there is no Azurite', {
  skip,
}, async () => {
  const objects = renderedObjects<Rendered>('ci/embedded-files.yaml');
  for (const { value } of await toldBlobs(objects)) assert.equal(value, 'file:///blobs');
  assert.ok(!objects.some(({ metadata }) => metadata.name === 'verdict-azurite'));
});
