import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmMissing, render, renderedObjects } from './helm.ts';
import { toldSettings } from './operator-pods.ts';

const skip = helmMissing;
const file = 'ci/signed-traced.yaml';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: {
      readonly spec: { readonly containers: readonly { readonly env?: readonly Variable[] }[] };
    };
  };
}

test('traces go from all processes to one collector, each under its own name', { skip }, async () => {
  const objects = renderedObjects<Rendered>(file);
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  assert.equal(deployments.length, 3);
  for (const { metadata, spec } of deployments) {
    const env = spec?.template?.spec.containers[0]?.env ?? [];
    assert.equal(new Set(env.map(({ name }) => name)).size, env.length, 'no name stands twice');
    const told = new Map(env.map((one) => [one.name, one]));
    const value = (name: string) => told.get(name)?.value;
    assert.equal(value('OTEL_EXPORTER_OTLP_ENDPOINT'), 'http://otel-collector.monitoring.svc:4318');
    assert.equal(value('OTEL_SERVICE_NAME'), metadata.name);
    assert.equal(value('OTEL_TRACES_SAMPLER'), 'parentbased_traceidratio');
    assert.equal(value('OTEL_TRACES_SAMPLER_ARG'), '0.01');
    assert.deepEqual(told.get('OTEL_EXPORTER_OTLP_HEADERS')?.valueFrom?.secretKeyRef, {
      name: 'otel-headers',
      key: 'headers',
    });
    assert.equal(
      value('OTEL_RESOURCE_ATTRIBUTES'),
      'deployment.environment.name=prod%2C%20west,k8s.namespace.name=verdict,k8s.pod.name=$(OTEL_POD_NAME)',
    );
  }
  const { tracing } = await toldSettings(objects);
  assert.deepEqual(tracing, {
    endpoint: 'http://otel-collector.monitoring.svc:4318',
    headers: { name: 'otel-headers', key: 'headers' },
    sampler: 'parentbased_traceidratio',
    samplerArgument: 0.01,
    resourceAttributes: { 'deployment.environment.name': 'prod, west' },
  });
});

test('the keys that are believed are in every namespace with models, the one that signs is only named', {
  skip,
}, async () => {
  const objects = renderedObjects<Rendered>(file);
  const maps = objects.filter(({ metadata }) => metadata.name === 'verdict-artefact-keys');
  assert.deepEqual(
    maps.map(({ kind, metadata }) => [kind, metadata.namespace]),
    [
      ['ConfigMap', 'payments'],
      ['ConfigMap', 'shop'],
    ],
  );
  for (const { data } of maps) {
    const { keys } = JSON.parse(data?.['jwks.json'] ?? '') as { keys: readonly { x: string }[] };
    assert.equal(keys.length, 2);
  }
  const { artefacts } = await toldSettings(objects);
  assert.deepEqual(artefacts, {
    publicKeys: { name: 'verdict-artefact-keys', key: 'jwks.json' },
    signingKey: { name: 'verdict-artefact-key', key: 'key' },
  });
});

test('signatures that nobody could give, and a private key among the public ones, are refused', {
  skip,
}, () => {
  const problem = (...sets: string[]) => render({ files: [file], sets }).problem ?? '';
  assert.match(problem('artefacts.signingKey.secretName='), /artefacts\.signingKey\.secretName: without it/);
  assert.match(problem('artefacts.publicKeys[0].d=secret'), /artefacts\/publicKeys\/0/);
  assert.match(problem('tracing.endpoint=otel-collector:4317'), /tracing\/endpoint/);
  assert.match(problem('tracing.sampler=jaeger_remote'), /tracing\/sampler/);
});
