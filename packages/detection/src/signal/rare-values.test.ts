import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Memory } from '../state/memory.ts';
import { addRareValue, rareEvidence, rareValuesWords } from './rare-values.ts';

function after(values: readonly number[], perBlock = 16): Memory {
  const memory = new Memory(rareValuesWords);
  for (const value of values) addRareValue(memory, 0, value, perBlock);
  return memory;
}

/** Exponential values, the same in every run. */
function exponential(count: number): number[] {
  let state = 7;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return -Math.log((state + 1) / 2 ** 32);
  });
}

test('nothing is rare while little is known', () => {
  assert.equal(rareEvidence(after([]), 0, 1e9, 0, 0), 0);
  assert.equal(rareEvidence(after(exponential(63)), 0, 1e9, 0, 0), 0);
  assert.ok(rareEvidence(after(exponential(64)), 0, 1e9, 0, 0) > 0);
});

test('evidence is about the logarithm of how many blocks pass until such a value comes', () => {
  const memory = after(exponential(16_000));
  // Of exponential values, a block of 16 exceeds y with a probability of about 16·exp(−y).
  for (const y of [8, 10, 12]) {
    const evidence = rareEvidence(memory, 0, y, 0, 0);
    assert.ok(Math.abs(evidence - (y - Math.log(16))) < 1.5, `${y}: ${evidence}`);
  }
});

test('a larger value is never less evidence, and the order of values within a block does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { maxLength: 400 }), (values) => {
      const memory = after(values, 4);
      let before = 0;
      for (let y = -1100; y <= 1100; y += 50) {
        const evidence = rareEvidence(memory, 0, y, 0, 1);
        assert.ok(evidence >= before && Number.isFinite(evidence));
        before = evidence;
      }
      const turned = values.slice(0, 4).reverse().concat(values.slice(4));
      if (values.length >= 4) assert.deepEqual(after(turned, 4).f32, memory.f32);
    }),
  );
});

test('over a long life half of what was seen is forgotten, and evidence stays of the same size', () => {
  const values = exponential(200_000);
  const evidence = (count: number) => rareEvidence(after(values.slice(0, count), 16), 0, 14, 0, 0);
  assert.ok(Math.abs(evidence(60_000) - evidence(200_000)) < 2);
});

test('values without bound do not spoil what is known', () => {
  const memory = after([...exponential(320), Number.MAX_VALUE, -Number.MAX_VALUE, ...exponential(320)]);
  assert.ok(Number.isFinite(rareEvidence(memory, 0, Number.MAX_VALUE, 0, 0)));
});
