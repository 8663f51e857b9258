import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectorDeployment } from './detector-deployment.ts';
import { modelObject, poolObject, settings } from './objects.fixture.ts';
import type { PlatformSettings } from './platform-settings.ts';
import { trainingJob } from './training-job.ts';

const trigger = { triggerId: 'asked-1', reason: 'asked' };

/** The pods of a detector and of a training with these settings. */
function pods(more: Partial<PlatformSettings>) {
  const all = { ...settings, ...more };
  const detector = detectorDeployment({ ...poolObject(), version: 4, replicas: 1, settings: all });
  const training = trainingJob({ ...modelObject(), trigger, settings: all });
  const podOf = ({ spec }: typeof detector | typeof training) => {
    const pod = spec?.template.spec;
    const [container] = pod?.containers ?? [];
    assert.ok(pod && container);
    const environment = Object.fromEntries(
      (container.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]),
    );
    return { pod, container, environment, names: (container.env ?? []).map(({ name }) => name) };
  };
  return { detector: podOf(detector), training: podOf(training) };
}

const tracing: PlatformSettings['tracing'] = {
  endpoint: 'http://otel-collector.monitoring.svc:4318',
  headers: { name: 'otel', key: 'headers' },
  sampler: 'parentbased_traceidratio',
  samplerArgument: 0.01,
  resourceAttributes: { 'deployment.environment.name': 'prod, west' },
};

test('where no traces are wanted nothing is said of them', () => {
  for (const { names } of Object.values(pods({})))
    assert.deepEqual(
      names.filter((name) => name.startsWith('OTEL_')),
      [],
    );
});

test('detectors and trainings are told where traces go, as whom, and how many; what lets them in is named alone', () => {
  const { detector, training } = pods({ tracing });
  for (const { environment } of [detector, training]) {
    assert.equal(environment.OTEL_EXPORTER_OTLP_ENDPOINT, tracing.endpoint);
    assert.deepEqual(environment.OTEL_EXPORTER_OTLP_HEADERS, {
      secretKeyRef: { name: 'otel', key: 'headers' },
    });
    assert.equal(environment.OTEL_TRACES_SAMPLER, 'parentbased_traceidratio');
    assert.equal(environment.OTEL_TRACES_SAMPLER_ARG, '0.01');
  }
  assert.equal(detector.environment.OTEL_SERVICE_NAME, 'verdict-detector');
  assert.equal(training.environment.OTEL_SERVICE_NAME, 'verdict-training');
  assert.equal(
    detector.environment.OTEL_RESOURCE_ATTRIBUTES,
    'deployment.environment.name=prod%2C%20west,k8s.namespace.name=team-a,verdict.pool=shop,verdict.model=shop-model,verdict.version=4,k8s.pod.name=$(VERDICT_POD_NAME)',
  );
  assert.match(
    String(training.environment.OTEL_RESOURCE_ATTRIBUTES),
    /verdict\.model=shop-model,k8s\.pod\.name/,
  );
});

test("a pod's name is known before the attributes that it is put into, as Kubernetes wants it", () => {
  for (const { names, environment } of Object.values(pods({ tracing }))) {
    assert.deepEqual(environment.VERDICT_POD_NAME, { fieldRef: { fieldPath: 'metadata.name' } });
    assert.ok(names.indexOf('VERDICT_POD_NAME') < names.indexOf('OTEL_RESOURCE_ATTRIBUTES'));
  }
});

test('sampler and headers that are not given are left to OpenTelemetry', () => {
  const plain = { ...tracing, headers: null, sampler: '', samplerArgument: null };
  const { names } = pods({ tracing: plain }).detector;
  assert.deepEqual(
    names.filter((name) => name.startsWith('OTEL_')),
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_SERVICE_NAME', 'OTEL_RESOURCE_ATTRIBUTES'],
  );
});

test('what whoever installs sets anew stands once: the API server refuses a name that stands twice', () => {
  const environment = [{ name: 'OTEL_SERVICE_NAME', value: 'shop' }];
  for (const pod of Object.values(pods({ tracing, environment }))) {
    assert.equal(new Set(pod.names).size, pod.names.length);
    assert.equal(pod.environment.OTEL_SERVICE_NAME, 'shop');
  }
});

test('public keys go to whoever loads versions, the private one to trainings alone', () => {
  const artefacts = {
    publicKeys: { name: 'verdict-artefact-keys', key: 'jwks.json' },
    signingKey: { name: 'artefact-key', key: 'key' },
  };
  const { detector, training } = pods({ artefacts });
  for (const { environment, pod, container } of [detector, training]) {
    const mount = container.volumeMounts?.find(({ name }) => name === 'artefact-keys');
    assert.equal(environment.VERDICT_ARTEFACT_JWKS_FILE, `${mount?.mountPath}/jwks.json`);
    const volume = pod.volumes?.find(({ name }) => name === 'artefact-keys');
    assert.equal(volume?.configMap?.name, 'verdict-artefact-keys');
  }
  const mount = training.container.volumeMounts?.find(({ name }) => name === 'artefact-signing-key');
  assert.equal(training.environment.VERDICT_ARTEFACT_KEY_FILE, `${mount?.mountPath}/key`);
  assert.equal(mount?.readOnly, true);
  const secrets = (volumes: typeof training.pod.volumes) =>
    volumes?.flatMap(({ secret }) => (secret ? [secret.secretName] : []));
  assert.deepEqual(secrets(training.pod.volumes), ['artefact-key']);
  assert.deepEqual(secrets(detector.pod.volumes), []);
  assert.ok(!('VERDICT_ARTEFACT_KEY_FILE' in detector.environment));
  assert.doesNotMatch(JSON.stringify(pods({})), /ARTEFACT|artefact/);
});
