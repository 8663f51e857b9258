import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../state/memory.ts';
import { advance, newestTime, readingCount, refusal, seriesWords } from './series-times.ts';

function seriesWith(times: readonly number[]): Memory {
  const memory = new Memory(2 * seriesWords);
  for (const time of times) advance(memory, seriesWords, time, 16);
  return memory;
}

const startMs = Date.UTC(2024, 0, 1);

test('the newest 32 times are known for repeated ones, others for late', () => {
  const times = Array.from({ length: 80 }, (_, at) => startMs + 1000 * at + (at % 7));
  const memory = seriesWith(times);
  assert.equal(readingCount(memory, seriesWords), 80);
  assert.equal(newestTime(memory, seriesWords), times[79]);
  times.forEach((time, at) => {
    assert.equal(refusal(memory, seriesWords, time), at < 48 ? 'late' : 'duplicate', `reading ${at}`);
    assert.equal(refusal(memory, seriesWords, time - 1), 'late');
  });
});

test('a series of one reading knows that one, and one of none has no newest time', () => {
  const memory = seriesWith([startMs]);
  assert.equal(refusal(memory, seriesWords, startMs), 'duplicate');
  assert.equal(refusal(memory, seriesWords, startMs - 1), 'late');
  assert.equal(newestTime(seriesWith([]), seriesWords), Number.NEGATIVE_INFINITY);
});

test('behind a month without readings, or a part of a millisecond, repeated readings are late ones', () => {
  const month = 31 * 86_400_000;
  for (const pause of [month, 0.25]) {
    const memory = seriesWith([startMs, startMs + 1000, startMs + 1000 + pause, startMs + 2000 + pause]);
    assert.equal(refusal(memory, seriesWords, startMs + 2000 + pause), 'duplicate');
    assert.equal(refusal(memory, seriesWords, startMs + 1000 + pause), 'duplicate');
    assert.equal(refusal(memory, seriesWords, startMs + 1000), 'late');
  }
});

test('times before 1970 are times like any other', () => {
  const memory = seriesWith([-5000, -3000, 1000]);
  assert.equal(refusal(memory, seriesWords, -3000), 'duplicate');
  assert.equal(refusal(memory, seriesWords, -4000), 'late');
});
