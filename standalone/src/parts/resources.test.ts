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
