import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../state/memory.ts';
import { JointShape } from './joint-shape.ts';

/** Numbers that look normal, the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  const even = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(even())) * Math.cos(2 * Math.PI * even());
}

/** Two numbers that move together, and one that does not, around 3. */
function learnt(rows: number): { shape: JointShape; memory: Memory } {
  const shape = new JointShape(3);
  const memory = new Memory(shape.words);
  const next = noise(7);
  for (let i = 0; i < rows; i += 1) {
    const common = next();
    const row = Float64Array.of(3 + common + 0.1 * next(), 3 + common + 0.1 * next(), 3 + next());
    shape.learn(memory, 0, row);
  }
  return { shape, memory };
}

const squares = new Float64Array(3);

test('what breaks with what usually moves together is far in the joint distance alone', () => {
  const { shape, memory } = learnt(5000);
  const together = { ...shape.distance(memory, 0, Float64Array.of(5, 5, 3), squares) };
  const against = { ...shape.distance(memory, 0, Float64Array.of(5, 1, 3), squares) };
  assert.ok(Math.abs(together.apart - against.apart) < 0.1 * together.apart);
  assert.ok(together.joint < 2, `${together.joint}`);
  assert.ok(against.joint > 50 * together.joint, `${against.joint}`);
});

test('usual rows are at a distance of about 1, and each number tells its part', () => {
  const { shape, memory } = learnt(5000);
  const next = noise(11);
  let [joint, apart] = [0, 0];
  for (let i = 0; i < 1000; i += 1) {
    const common = next();
    const row = Float64Array.of(3 + common + 0.1 * next(), 3 + common + 0.1 * next(), 3 + next());
    const distance = shape.distance(memory, 0, row, squares);
    joint += distance.joint / 1000;
    apart += distance.apart / 1000;
    assert.ok(Math.abs(squares.reduce((sum, one) => sum + one, 0) / 3 - distance.apart) < 1e-9);
  }
  assert.ok(joint > 0.8 && joint < 1.2, `${joint}`);
  assert.ok(apart > 0.8 && apart < 1.2, `${apart}`);
});

test('it can tell distances with the thirty-second row, and what is missing is no news', () => {
  const few = learnt(31);
  assert.equal(few.shape.isKnown(few.memory, 0), false);
  const { shape, memory } = learnt(32);
  assert.equal(shape.isKnown(memory, 0), true);
  const whole = { ...shape.distance(memory, 0, Float64Array.of(3, 3, 90), squares) };
  const part = { ...shape.distance(memory, 0, Float64Array.of(3, 3, Number.NaN), squares) };
  assert.ok(part.apart < 1 && whole.apart > 100);
  assert.equal(squares[2], 0);
});

test('a change of unit and origin changes neither what is learnt nor what is far', () => {
  const [by, shift] = [0.5, 2];
  const kept = learnt(200);
  const moved = learnt(200);
  moved.shape.rescale(moved.memory, 0, 2, by, shift);
  const next = noise(5);
  for (let i = 0; i < 200; i += 1) {
    const row = Float64Array.of(3 + next(), 3 + next(), 3 + next());
    kept.shape.learn(kept.memory, 0, row);
    moved.shape.learn(moved.memory, 0, Float64Array.of(row[0] ?? 0, row[1] ?? 0, by * (row[2] ?? 0) + shift));
  }
  const far = { ...kept.shape.distance(kept.memory, 0, Float64Array.of(3, 3, 9), squares) };
  const same = {
    ...moved.shape.distance(moved.memory, 0, Float64Array.of(3, 3, by * 9 + shift), squares),
  };
  // Shrinkage is by the mean of the variances, so that units do not quite cancel.
  assert.ok(Math.abs(same.apart / far.apart - 1) < 0.1, `${same.apart} and ${far.apart}`);
});

test('neither numbers that never moved nor enormous ones break it', () => {
  const shape = new JointShape(2);
  const memory = new Memory(shape.words);
  for (let i = 0; i < 200; i += 1) shape.learn(memory, 0, Float64Array.of(1, i === 150 ? 1e300 : i % 2));
  for (const row of [
    [1, 0],
    [2, 1],
    [-1e300, 1e300],
  ]) {
    const { joint, apart } = shape.distance(memory, 0, Float64Array.from(row), squares);
    assert.ok(Number.isFinite(joint) && Number.isFinite(apart), `${row}: ${joint}, ${apart}`);
  }
});
