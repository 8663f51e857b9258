import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../state/memory.ts';
import { isHot, overUsual, takeDistance, usualDistanceWords } from './usual-distance.ts';

/** Distances between 0.5 and 1.5, evenly, the same in every run. */
function calm(memory: Memory, count: number): void {
  let state = 3;
  for (let i = 0; i < count; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    takeDistance(memory, 0, 0.5 + state / 2 ** 32);
  }
}

test('the level finds the distance that a fifth of all exceeds', () => {
  const memory = new Memory(usualDistanceWords);
  calm(memory, 5000);
  assert.ok(Math.abs(overUsual(memory, 0, 1.3)) < 0.04);
});

test('a little more than three times the usual distance is an alarm, in whatever unit', () => {
  const memory = new Memory(usualDistanceWords);
  calm(memory, 5000);
  assert.ok(overUsual(memory, 0, 1.3 * 3.1) < 1);
  assert.ok(overUsual(memory, 0, 1.3 * 3.5) > 1);
});

test('little known says nothing, and an outburst moves the level hardly', () => {
  const memory = new Memory(usualDistanceWords);
  calm(memory, 64);
  assert.equal(overUsual(memory, 0, 1e6), 0);
  calm(memory, 2000);
  const before = overUsual(memory, 0, 10);
  for (let i = 0; i < 100; i += 1) takeDistance(memory, 0, 10);
  assert.ok(before - overUsual(memory, 0, 10) < 0.1);
  for (let i = 0; i < 20_000; i += 1) takeDistance(memory, 0, 10);
  assert.ok(overUsual(memory, 0, 10) < 0.05, 'what lasts is usual in the end');
});

test('a distance of 0 for ever is no trouble', () => {
  const memory = new Memory(usualDistanceWords);
  for (let i = 0; i < 1000; i += 1) takeDistance(memory, 0, 0);
  assert.ok(Number.isFinite(overUsual(memory, 0, 0)) && overUsual(memory, 0, 1) > 1);
});

test('far beyond the usual is hot, once something is known', () => {
  const memory = new Memory(usualDistanceWords);
  calm(memory, 64);
  assert.equal(isHot(memory, 0, 1e6), false);
  calm(memory, 5000);
  assert.equal(isHot(memory, 0, 1.3 * 2.5), false);
  assert.equal(isHot(memory, 0, 1.3 * 3), true);
});
