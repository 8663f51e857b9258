import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../state/memory.ts';
import { seasonalSlotsWords, takeSeasonalValue } from './seasonal-slots.ts';

const hourMs = 3_600_000;
/** A Monday, 0:00 UTC. */
const mondayMs = Date.UTC(2026, 10, 23);
const usual = (hour: number) => 3 * Math.sin((2 * Math.PI * hour) / 24);

/** Highest evidence of some hours, four values each. */
function follow(memory: Memory, from: number, to: number, value: (hour: number) => number): number {
  let highest = 0;
  for (let at = 4 * from; at < 4 * to; at += 1) {
    const noise = ((at * 37) % 11) / 40;
    const timeMs = mondayMs + (at * hourMs) / 4;
    highest = Math.max(highest, takeSeasonalValue(memory, 0, timeMs, value(Math.floor(at / 4)) + noise));
  }
  return highest;
}

test('an hour that is not as that hour always was is evidence, and as high as many others', () => {
  const memory = new Memory(seasonalSlotsWords);
  assert.ok(follow(memory, 0, 24 * 26, usual) < 6);
  // In the night as by day: no value is higher than ever.
  assert.ok(follow(memory, 24 * 26, 24 * 26 + 24, (hour) => usual(hour + 12)) > 6.5);
});

test('a signal that does not follow the hour is left alone', () => {
  const memory = new Memory(seasonalSlotsWords);
  let state = 5;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (4 * state) / 2 ** 32 - 2;
  };
  const values = Array.from({ length: 24 * 60 }, noise);
  assert.equal(
    follow(memory, 0, 24 * 60, (hour) => values[hour] ?? 0),
    0,
  );
});
