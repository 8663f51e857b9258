import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helmMissing, render, renderedObjects } from './helm.ts';
import { load, podsOfOperator } from './operator-pods.ts';

const skip = helmMissing;

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: object; readonly secretKeyRef?: object };
}
interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly env?: readonly EnvVar[] }[];
}
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: { readonly template?: { readonly spec: PodSpec } };
}

/** What a process finds in its environment; whatever would come out of a Secret is missing. */
function environmentOf({ containers }: PodSpec): Record<string, string> {
  const entries = (containers[0]?.env ?? []).map(({ name, value, valueFrom }): [string, string] => {
    assert.equal(valueFrom?.secretKeyRef, undefined, `${name} comes out of a Secret`);
    return [name, value ?? 'of-the-pod'];
  });
  return Object.fromEntries(entries);
}

/** Every process' environment on AKS, by the values that the chart has for it. */
async function environments(): Promise<Record<string, Record<string, string>>> {
  const objects = renderedObjects<Rendered>('values-aks.yaml');
  const podOf = (name: string): PodSpec => {
    const found = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === name);
    assert.ok(found?.spec?.template, name);
    return found.spec.template.spec;
  };
  const { detector, training } = await podsOfOperator(objects);
  return {
    gateway: environmentOf(podOf('verdict-gateway')),
    feedback: environmentOf(podOf('verdict-retrainer')),
    operator: environmentOf(podOf('verdict-operator')),
    detector: environmentOf(detector),
    training: { ...environmentOf(training), VERDICT_FAILED_ATTEMPTS: '0' },
  };
}

test('on AKS every process starts with identities alone: no connection string, password or key', {
  skip,
}, async () => {
  const { parseConfig } = await load('packages/process/src/read-config.ts');
  const schemas = {
    gateway: (await load('services/gateway/src/config.ts')).GatewayConfig,
    feedback: (await load('services/retrainer/src/config.ts')).FeedbackConfig,
    operator: (await load('operator/src/config.ts')).OperatorConfig,
    detector: (await load('services/detector/src/config.ts')).DetectorConfig,
    training: (await load('services/retrainer/src/config.ts')).TrainConfig,
  };
  const found = await environments();
  for (const [name, schema] of Object.entries(schemas)) {
    const environment = found[name] ?? {};
    assert.doesNotThrow(() => parseConfig(schema, environment), name);
    assert.equal(environment.VERDICT_EVENT_HUBS_CONNECTION_STRING, undefined, name);
    assert.doesNotMatch(
      JSON.stringify(environment),
      /SharedAccess|AccountKey|[?;&]sig=|:\/\/[^/@]*:[^/@]*@/i,
      name,
    );
    if (name === 'operator') continue;
    assert.equal(environment.VERDICT_DATABASE_AUTH, 'entra', name);
  }
});

test('a Secret and an identity for the same thing are refused', { skip }, () => {
  for (const [set, why] of [
    ['database.secretName=db', /database: either urls or secretName/],
    ['eventHubs.secretName=hubs', /eventHubs: either namespace or secretName/],
    [
      'database.urls.detector=postgres://user:word@host/verdict?sslmode=verify-full',
      /database\/urls\/detector/,
    ],
    ['database.urls.detector=', /database\.urls\.detector: each identity needs one/],
  ] as const)
    assert.match(render({ files: ['values-aks.yaml'], sets: [set] }).problem ?? '', why);
});
