import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InMemoryLabels, sampleModel } from '../testing/in-memory-labels.fixture.ts';
import { labelledAnomaly } from '../testing/labelled-anomaly.fixture.ts';
import { readAnomalies } from './read-anomalies.ts';

const request = { namespace: 'default', model: sampleModel.name, fromMs: 0, toMs: 2_000_000_000_000 };

test('anomalies are read page by page, each once', async () => {
  const labels = new InMemoryLabels();
  for (let n = 0; n < 12_000; n += 1)
    labels.list.push(labelledAnomaly(`a${n}`, { startMs: 1_700_000_000_000 + Math.floor(n / 3) }));
  const read = await readAnomalies(labels, request);
  assert.equal(new Set(read.map(({ id }) => id)).size, 12_000);
  assert.equal(read.length, 12_000);
});

test('more anomalies than a page that start in one millisecond do not hide the older ones', async () => {
  const labels = new InMemoryLabels();
  for (let n = 0; n < 6000; n += 1) labels.list.push(labelledAnomaly(`a${n}`));
  const older = labelledAnomaly('older', { startMs: 1_600_000_000_000 });
  labels.list.push(older);
  assert.ok((await readAnomalies(labels, request)).includes(older));
});
