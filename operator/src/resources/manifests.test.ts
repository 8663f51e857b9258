import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemErrors, Resource } from '@verdict/contracts';
import { crds, invalidManifests, sampleManifests, schemaNodes, schemaOf } from './manifest-files.fixture.ts';

test('every sample is accepted where one machine reads it', () => {
  const samples = sampleManifests();
  assert.ok(samples.length >= 8);
  for (const { file, manifest } of samples) {
    const parsed = Resource.safeParse(manifest);
    assert.ok(parsed.success, `${file}: ${parsed.error}`);
  }
});

test('one sample of each kind says every field that there is, or says why it does not', () => {
  // Whoever sets autoscaling leaves replicas out; a sample goes by one of the two drivers.
  const otherwise = ['.replicas', '.autoscaling.cpuPercent'];
  for (const [kind, crd] of Object.entries(crds())) {
    const full = sampleManifests().find(
      ({ file, manifest }) => file.includes('/full/') && manifest.kind === kind,
    );
    const spec = schemaOf(crd).properties?.spec;
    assert.ok(full && spec);
    const missing = [...schemaNodes(spec)]
      .map(([at]) => at)
      .filter((at) => /^\.[^[{]+$/.test(at) && !otherwise.includes(at) && !/\.resources\./.test(at))
      .filter((at) => valueAt(full.manifest.spec, at.slice(1).split('.')) === undefined);
    assert.deepEqual(missing, [], kind);
  }
});

test('every invalid manifest is refused where one machine reads it, in the words of the rule that it breaks', () => {
  const invalid = invalidManifests();
  assert.ok(invalid.length >= 25);
  const rules = Object.values(crds())
    .flatMap((crd) => [...schemaNodes(schemaOf(crd))])
    .flatMap(([, node]) => node['x-kubernetes-validations']?.map(({ message }) => message ?? '') ?? []);
  for (const { file, manifest, words } of invalid) {
    const { error } = Resource.safeParse(manifest);
    assert.ok(error, `${file} is accepted`);
    const said = problemErrors(error)
      .map(({ field, message }) => `${field}: ${message}`)
      .join('\n');
    const [where, ...why] = words;
    const expected = [where ?? '', ...why.filter((word) => rules.some((rule) => rule.includes(word)))];
    for (const word of expected) assert.ok(said.includes(word), `${file}: "${word}" is not in "${said}"`);
  }
});

test('every rule of the CRDs that can be broken by one manifest is broken by one', () => {
  const words = invalidManifests().flatMap((invalid) => invalid.words);
  for (const crd of Object.values(crds()))
    for (const [at, node] of schemaNodes(schemaOf(crd)))
      for (const { rule, message = '' } of node['x-kubernetes-validations'] ?? []) {
        if (rule.includes('oldSelf') || message.includes('ephemeral-storage')) continue;
        const like = words.some(
          (word) => message.includes(word) || message.startsWith(word.split('.')[0] ?? ''),
        );
        assert.ok(like, `${crd.metadata.name} ${at}: ${message}`);
      }
});

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}
