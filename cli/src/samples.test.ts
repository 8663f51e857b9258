import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { Resource, seriesAssigner } from '@verdict/contracts';
import { parseAllDocuments } from 'yaml';
import { hostSignals } from './host-metrics/host-sample.ts';
import { shopSignals } from './shop/index.ts';

const folder = path.join(import.meta.dirname, '../../manifests/samples');

async function samples(): Promise<Resource[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => Resource.parse(document.toJS())));
}

test('every sample is a valid resource, and every model has exactly one pool with its own consumer group', async () => {
  const resources = await samples();
  const models = resources.filter((resource) => resource.kind === 'AnomalyModel');
  const pools = resources.filter((resource) => resource.kind === 'DetectorPool');
  assert.deepEqual(models.map((model) => model.metadata.name).sort(), ['default', 'host', 'shop']);
  assert.deepEqual(pools.map((pool) => pool.spec.model).sort(), ['default', 'host', 'shop']);
  assert.equal(new Set(pools.map((pool) => pool.spec.consumerGroup)).size, 3);
});

test('the samples name the signals that the commands send, and leave no series without a model', async () => {
  const models = (await samples()).filter((resource) => resource.kind === 'AnomalyModel');
  const signalsOf = (name: string) => models.find((model) => model.metadata.name === name)?.spec.signals;
  assert.deepEqual(signalsOf('host'), [...hostSignals]);
  assert.deepEqual(signalsOf('shop'), [...shopSignals]);
  assert.equal(signalsOf('default'), 'each');
  const assign = seriesAssigner(
    models.map((model) => ({ name: model.metadata.name, series: model.spec.series })),
  );
  assert.deepEqual(['host/a', 'shop/cart', 'ec2_cpu'].map(assign), ['host', 'shop', 'default']);
});
