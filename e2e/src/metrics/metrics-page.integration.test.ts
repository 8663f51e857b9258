import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  type DocumentedMetric,
  documentedMetrics,
  pageFile,
  type Section,
  sections,
  withTable,
} from './metrics-page.ts';
import { type Metric, processes, registeredMetrics } from './registered-metrics.fixture.ts';

/** With VERDICT_UPDATE_GOLDEN=1 the tables are written as they are to be; what they say comes from the code. */
const update = process.env.VERDICT_UPDATE_GOLDEN === '1';
const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}` as Section;
const plain = ({ name, type, labels, help }: DocumentedMetric) => ({
  name,
  type,
  labels,
  help: help.replace(/\.$/, ''),
});

test('docs/metrics.md says of every metric of every process what the processes register', async () => {
  const registered = await registeredMetrics();
  const everywhere = (metric: Metric) =>
    processes.every((one) => registered.get(one)?.some(({ name }) => name === metric.name) === true);
  const wanted = new Map<Section, readonly Metric[]>([
    ['Every process', (registered.get('gateway') ?? []).filter(everywhere)],
    ...processes.map((one): [Section, readonly Metric[]] => [
      capital(one),
      (registered.get(one) ?? []).filter((metric) => !everywhere(metric)),
    ]),
  ]);
  if (update) {
    let page = readFileSync(pageFile, 'utf8');
    for (const [section, metrics] of wanted) page = withTable(page, section, metrics);
    writeFileSync(pageFile, page);
  }
  const documented = documentedMetrics();
  for (const section of sections)
    assert.deepEqual(
      documented.get(section)?.map(plain),
      wanted.get(section)?.map(plain),
      `${section}: run with VERDICT_UPDATE_GOLDEN=1`,
    );
});
