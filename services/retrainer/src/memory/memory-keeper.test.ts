import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Anomaly } from '@verdict/contracts';
import { systemClock } from '@verdict/process';
import { InMemoryLabels, sampleServed } from '../testing/in-memory-labels.fixture.ts';
import { InMemoryOverlays } from '../testing/in-memory-overlays.fixture.ts';
import { answers, labelledAnomaly } from '../testing/labelled-anomaly.fixture.ts';
import { eventually, sampleVerdict } from '../testing/sample-feedback.fixture.ts';
import { MemoryKeeper } from './memory-keeper.ts';

const pool = 'default/shop';
const startMs = Date.now() - 3_600_000;
const judged = (id: string, text: string) => labelledAnomaly(id, { startMs, verdicts: answers(text) });

function keeperOf(labels = new InMemoryLabels(), overlays = new InMemoryOverlays()) {
  const failures: unknown[] = [];
  const asked: string[] = [];
  const keeper = new MemoryKeeper({
    ...sampleServed,
    labels,
    overlays,
    anomalies: {
      get: async (id) => {
        asked.push(id);
        const anomaly = labels.list.find((one) => one.id === id);
        return anomaly ? ({ namespace: 'default', model: 'shop', series: anomaly.series } as Anomaly) : null;
      },
    },
    clock: systemClock,
    onEntries: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  const stop = new AbortController();
  const ended = keeper.run(stop.signal);
  const told = (anomalyId: string) =>
    keeper.recorded({ events: [{ sequence: 1, event: sampleVerdict({ anomalyId }) }] });
  const kept = () => overlays.newest(pool).map(({ anomalyId }) => anomalyId);
  const end = async () => {
    stop.abort();
    await ended;
  };
  return { labels, overlays, failures, asked, told, kept, end };
}

test('a start brings the whole memory in step, and a verdict brings its series in step at once', async () => {
  const labels = new InMemoryLabels();
  labels.put(judged('a', 'f'));
  const { told, kept, overlays, end } = keeperOf(labels);
  await eventually(() => kept().length === 1);
  labels.put(judged('b', 'ff'));
  told('b');
  await eventually(() => kept().length === 2);
  // Outvoted, and then confirmed: its like may no longer be quieted either.
  labels.put(judged('a', 'ftt'));
  told('a');
  await eventually(() => kept().length === 0);
  assert.equal(overlays.states.get(pool)?.length, 4);
  await end();
});

test('verdicts that count otherwise than before, without a new one, are followed', async () => {
  const labels = new InMemoryLabels();
  labels.put(judged('a', 'f'));
  const { kept, end } = keeperOf(labels);
  await eventually(() => kept().length === 1);
  // A flood was seen: the verdict waits for a review, and then counts again.
  labels.put(judged('a', ''));
  labels.reviewed += 1;
  await eventually(() => kept().length === 0);
  labels.put(judged('a', 'f'));
  labels.reviewed += 1;
  await eventually(() => kept().length === 1);
  await end();
});

test('verdicts on anomalies that are not there change nothing', async () => {
  const { told, kept, overlays, asked, end } = keeperOf();
  await eventually(() => overlays.calls === 2);
  told('nobody');
  await eventually(() => asked.length === 1);
  assert.deepEqual([kept(), overlays.states.get(pool)?.length], [[], 1]);
  await end();
});

test('while the database is away verdicts are remembered, and a stop does not wait for it', async () => {
  const { labels, overlays, failures, told, kept, end } = keeperOf();
  await eventually(() => overlays.calls === 2);
  overlays.available = false;
  labels.put(judged('a', 'f'));
  told('a');
  await eventually(() => failures.length === 1);
  overlays.available = true;
  await eventually(() => kept().length === 1);
  overlays.available = false;
  told('a');
  await eventually(() => failures.length === 2);
  await end();
});

test('two keepers of the same memory do each other no harm', async () => {
  const [labels, overlays] = [new InMemoryLabels(), new InMemoryOverlays()];
  const [one, two] = [keeperOf(labels, overlays), keeperOf(labels, overlays)];
  for (let index = 0; index < 20; index += 1) {
    const id = `a${index % 5}`;
    labels.put(judged(id, index < 12 ? 'f' : 'tf'));
    (index % 2 ? one : two).told(id);
  }
  labels.put(judged('last', 'f'));
  two.told('last');
  await eventually(() => one.kept().join() === 'last');
  await Promise.all([one.end(), two.end()]);
});
