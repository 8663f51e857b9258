import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { checkout } from '../config.ts';
import { readResources } from './resources.ts';

let root = '';
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-manifests-'));
});
after(() => rm(root, { recursive: true }));

const manifest = (kind: string, name: string, spec: string) =>
  `apiVersion: verdict.dev/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const model = (name: string, spec = '{ series: ["**"] }') => manifest('AnomalyModel', name, spec);
const pool = (name: string, of: string, group = name) =>
  manifest('DetectorPool', name, `{ model: ${of}, consumerGroup: ${group} }`);

/** A folder with these files. */
async function folder(files: Record<string, string>): Promise<string> {
  const made = await mkdtemp(path.join(root, 'm-'));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(made, name), text);
  return made;
}
const refused = async (files: Record<string, string>, message: RegExp) =>
  assert.rejects(readResources(await folder(files)), { name: 'StartError', message });

test('the samples can be used as they are', async () => {
  const kinds = (await readResources(path.join(checkout, 'manifests/samples'))).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === 'AnomalyModel').length, kinds.length / 2);
});

test('all YAML files of a folder count, in order, with several or no documents in each', async () => {
  const made = await folder({
    'b.yml': pool('shop', 'shop'),
    'a.yaml': `---\n${model('shop')}---\n# nothing\n---\n${model('spare')}---\n`,
    'notes.txt': 'not a manifest',
  });
  assert.deepEqual(
    (await readResources(made)).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
    ['AnomalyModel default/shop', 'AnomalyModel default/spare', 'DetectorPool default/shop'],
  );
});

test('what is no YAML is named with its file and line', async () => {
  await refused({ 'x.yaml': 'kind: [AnomalyModel\nspec: }' }, /x\.yaml: .*line 2/s);
  await refused({ 'x.yaml': 'kind: *nowhere' }, /x\.yaml: .*nowhere/);
});

test('a field that is wrong is named with its file', async () => {
  await refused({ 'x.yaml': model('shop', '{ series: ["**"], window: 2 }') }, /x\.yaml: spec\.window: /);
  await refused({ 'x.yaml': model('shop', '{ series: ["**"], windows: 32 }') }, /x\.yaml: spec: .*windows/);
  await refused({ 'x.yaml': manifest('Deployment', 'shop', '{}') }, /x\.yaml: kind: /);
  await refused({ 'x.yaml': 'just text' }, /x\.yaml: manifest: /);
});

test('what a manifest says of feedback, acceptance, pauses and rollouts is carried over', async () => {
  const rollout =
    '{ shadowSeconds: 60, steps: [{ share: 0.5, pauseSeconds: 5 }, { share: 1, pauseSeconds: 0 }] }';
  const made = await folder({
    'a.yaml': model(
      'shop',
      '{ series: ["**"], paused: true, training: { every: 6h }, feedback: { memory: 7d }, acceptance: { keptShare: 1 } }',
    ),
    'b.yaml': manifest('DetectorPool', 'shop', `{ model: shop, consumerGroup: shop, rollout: ${rollout} }`),
  });
  const [shop, detectors] = await readResources(made);
  assert.ok(shop?.kind === 'AnomalyModel' && detectors?.kind === 'DetectorPool');
  const { paused, training, feedback, acceptance } = shop.spec;
  assert.deepEqual([paused, training.every, feedback.memory, acceptance.keptShare], [true, '6h', '7d', 1]);
  assert.equal(feedback.targetPrecision, 0.5);
  assert.equal(detectors.spec.rollout.shadowSeconds, 60);
  assert.deepEqual(
    detectors.spec.rollout.steps.map(({ share }) => share),
    [0.5, 1],
  );
  assert.equal(detectors.spec.rollout.analysis.intervalSeconds, 60);
});

test('a wrong field of the feedback or the rollout is named', async () => {
  const spec = (section: string) => ({ 'x.yaml': model('shop', `{ series: ["**"], ${section} }`) });
  await refused(spec('feedback: { memory: 7w }'), /x\.yaml: spec\.feedback\.memory: /);
  await refused(spec('feedback: { targetPrecision: 1.5 }'), /x\.yaml: spec\.feedback\.targetPrecision: /);
  await refused(spec('acceptance: { keptShare: 2 }'), /x\.yaml: spec\.acceptance\.keptShare: /);
  await refused(spec('training: { every: often }'), /x\.yaml: spec\.training\.every: /);
  const steps = (list: string) => ({
    'x.yaml': manifest('DetectorPool', 'p', `{ model: m, consumerGroup: g, rollout: { steps: ${list} } }`),
  });
  await refused(steps('[{ share: 0.5, pauseSeconds: 5 }]'), /spec\.rollout\.steps: .*last step .* share 1/);
  await refused(
    steps(
      '[{ share: 0.9, pauseSeconds: 5 }, { share: 0.5, pauseSeconds: 5 }, { share: 1, pauseSeconds: 5 }]',
    ),
    /spec\.rollout\.steps: shares must ascend/,
  );
  await refused(steps('[{ share: 2, pauseSeconds: 5 }]'), /spec\.rollout\.steps\S*share: /);
});

test('a pool without its model, and what is there twice, is refused', async () => {
  await refused(
    { 'x.yaml': pool('shop', 'shop') },
    /pool default\/shop serves model default\/shop, which is not there/,
  );
  await refused(
    { 'a.yaml': model('shop'), 'b.yaml': model('shop') },
    /AnomalyModel default\/shop is there twice/,
  );
  await refused(
    { 'a.yaml': `${model('shop')}---\n${pool('one', 'shop')}---\n${pool('two', 'shop')}` },
    /model default\/shop is served by two pools, default\/one and default\/two/,
  );
});

test('two pools never share a consumer group', async () => {
  await refused(
    { 'a.yaml': `${model('a')}---\n${model('b')}---\n${pool('a', 'a', 'g')}---\n${pool('b', 'b', 'g')}` },
    /consumer group g is used by two pools, default\/a and default\/b/,
  );
});

test('a folder that is missing, empty or unreadable is named', async () => {
  await refused({}, /There are no manifests \(\*\.yaml\) in /);
  const missing = path.join(root, 'missing');
  await assert.rejects(readResources(missing), {
    name: 'StartError',
    message: /missing cannot be read: ENOENT/,
  });
  const odd = await folder({});
  await mkdir(path.join(odd, 'x.yaml'));
  await assert.rejects(readResources(odd), { name: 'StartError', message: /x\.yaml cannot be read: EISDIR/ });
});
