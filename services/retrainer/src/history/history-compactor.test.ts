import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Clock, systemClock } from '@verdict/process';
import type { CompactedHistory, CompactionPlace, HistoryCompaction } from '@verdict/storage';
import { eventually } from '../testing/sample-feedback.fixture.ts';
import { HistoryCompactor } from './history-compactor.ts';

const dayMs = 86_400_000;
const step: CompactedHistory = {
  series: 1,
  chunks: 2,
  readings: 30,
  bytesBefore: 100,
  bytesAfter: 40,
  unreadable: 0,
  after: null,
};

function compactorOf(
  context: TestContext,
  change: { steps?: (place: CompactionPlace) => CompactedHistory | null; nowMs?: number },
) {
  const told: string[] = [];
  const history: HistoryCompaction = {
    daysToCompact: async (beforeMs) => {
      told.push(`look before ${beforeMs}`);
      return [0, dayMs];
    },
    compactSeries: async (place) => {
      told.push(`pack ${place.day} after ${place.after}`);
      return (change.steps ?? (() => step))(place);
    },
    freeDay: async (day) => {
      told.push(`free ${day}`);
      return true;
    },
  };
  const clock: Clock = { ...systemClock, nowMs: () => change.nowMs ?? 5 * dayMs };
  const stop = new AbortController();
  const ended = new HistoryCompactor({
    history,
    clock,
    afterMs: 1000,
    metrics: {
      waiting: (days) => void told.push(`waiting ${days}`),
      packed: ({ readings }) => void told.push(`packed ${readings}`),
    },
    onFailure: (error) => void told.push(String(error)),
  }).run(stop.signal);
  context.after(async () => {
    stop.abort();
    await ended;
  });
  return { told, stop, ended };
}

test('every day is packed to its end, its room given back, and then it rests', async (t) => {
  const steps = ({ day, after }: CompactionPlace) => ({
    ...step,
    after: day === 0 && after === 0 ? 64 : null,
  });
  const { told } = compactorOf(t, { steps });
  await eventually(() => told.at(-1) === 'waiting 0');
  assert.deepEqual(told, [
    `look before ${5 * dayMs - 1000}`,
    'waiting 2',
    'pack 0 after 0',
    'packed 30',
    'pack 0 after 64',
    'packed 30',
    'free 0',
    'waiting 1',
    `pack ${dayMs} after 0`,
    'packed 30',
    `free ${dayMs}`,
    'waiting 0',
  ]);
});

test('where another process is at it, the work is left to that one', async (t) => {
  const { told, stop, ended } = compactorOf(t, { steps: () => null });
  await eventually(() => told.includes('pack 0 after 0'));
  stop.abort();
  await ended;
  assert.equal(told.at(-1), 'pack 0 after 0');
});

test('a failure is told, and the work is done again', async (t) => {
  let failures = 0;
  const steps = () => {
    if (failures++ === 0) throw new Error('no answer');
    return step;
  };
  const { told } = compactorOf(t, { steps });
  await eventually(() => told.at(-1) === 'waiting 0');
  assert.ok(told.includes('Error: no answer'));
});

test('damaged chunks are told of when all else is done', async (t) => {
  const { told } = compactorOf(t, { steps: () => ({ ...step, unreadable: 1 }) });
  await eventually(() => told.some((line) => line.startsWith('DamagedHistory: 2 days')));
  assert.ok(told.includes(`free ${dayMs}`));
});

test('a stop ends it between two steps', async (t) => {
  const { told, stop, ended } = compactorOf(t, { steps: () => ({ ...step, after: 1 }) });
  await eventually(() => told.length > 10);
  stop.abort();
  await ended;
});
