import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../state/memory.ts';
import { blockWindowWords, learnBlockWindow, rescaleBlockWindow, takeBlockValue } from './block-window.ts';

/** A slow wave with noise, the same in every run. */
function wave(count: number): number[] {
  let state = 11;
  return Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 2 * Math.sin((2 * Math.PI * i) / 240) + state / 2 ** 32;
  });
}

/** The highest evidence of some values. */
function follow(memory: Memory, values: readonly number[], learns = true): number {
  let highest = 0;
  for (const value of values) {
    highest = Math.max(highest, takeBlockValue(memory, 0, value, 8));
    if (learns) learnBlockWindow(memory, 0);
  }
  return highest;
}

test('a usual course is no evidence, a course that never was is', () => {
  const memory = new Memory(blockWindowWords);
  follow(memory, wave(4800));
  assert.ok(follow(memory, wave(480), false) < 5);
  const turned = wave(96).map((value) => -value);
  assert.ok(follow(memory, turned, false) > 7, 'the wave upside down');
});

test('with the scale of the values the evidence does not change', () => {
  const plain = new Memory(blockWindowWords);
  const scaled = new Memory(blockWindowWords);
  follow(plain, wave(4000));
  follow(scaled, wave(4000));
  rescaleBlockWindow(scaled, 0, 0.25, 3);
  const odd = wave(200).map((value) => value + 3);
  const expected = follow(plain, odd, false);
  const found = follow(
    scaled,
    odd.map((value) => 0.25 * value + 3),
    false,
  );
  assert.ok(expected > 6.5);
  assert.ok(Math.abs(found - expected) < 0.02 * expected, `${found} for ${expected}`);
});

test('values that are not learnt from change no evidence of later ones', () => {
  const [learnt, passed] = [new Memory(blockWindowWords), new Memory(blockWindowWords)];
  for (const memory of [learnt, passed]) follow(memory, wave(4800));
  follow(passed, new Array(960).fill(9), false);
  follow(learnt, new Array(960).fill(9));
  for (const memory of [learnt, passed]) follow(memory, wave(96), false);
  assert.ok(follow(passed, new Array(96).fill(9), false) > 6.5);
  assert.ok(follow(learnt, new Array(96).fill(9), false) < follow(passed, new Array(96).fill(9), false));
});
