import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { detectionSettings, inputWidth } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { Autoencoder } from './autoencoder.ts';
import { seededRandom } from './seeded-random.ts';
import { shopHistory, shopSignals } from './shop-history.fixture.ts';
import { startTensorBackend } from './tensor-backend.ts';
import { TooLittleHistoryError, train } from './train.ts';
import { RowMark, type TrainingBlock } from './training-block.ts';

const history = shopHistory(3, 4, 500);
const settings = detectionSettings({ signals: shopSignals, window: 16, recurring: 'alarm' });

test('equal history, settings and seed give equal nets to the last bit, and another seed another net', async () => {
  const first = await train({ blocks: history, settings, seed: 5 });
  const shuffled = [...history].reverse();
  const second = await train({ blocks: shuffled, settings, seed: 5 });
  const third = await train({ blocks: history, settings, seed: 6 });
  assert.deepEqual(second.onnx, first.onnx);
  assert.deepEqual(second.calibration, first.calibration);
  assert.notDeepEqual(third.onnx, first.onnx);
});

test('training never ends worse than its linear start, and says what it did', async () => {
  const phases: string[] = [];
  let clock = 0;
  const result = await train({
    blocks: history,
    settings,
    seed: 1,
    now: () => (clock += 10),
    onProgress: ({ phase, done }) => {
      assert.ok(done >= 0 && done <= 1);
      if (phases.at(-1) !== phase) phases.push(phase);
    },
  });
  assert.ok(result.losses.kept <= result.losses.start);
  assert.ok(result.epochs >= 1 && result.components >= 1);
  assert.deepEqual(phases, ['sampling', 'components', 'fitting', 'calibrating']);
  assert.equal(result.series, 4);
  assert.equal(result.readings, 2000);
  assert.equal(result.heldBackFrom, history[0]?.times[400]);
  assert.ok(Object.values(result.durationsMs).every((ms) => ms === 10));
  assert.ok(result.calibration.row.border > 0 && result.calibration.window.excess > 0);
});

test('training leaves no tensor behind, not even when it is aborted', async () => {
  await train({ blocks: history, settings, seed: 1 });
  const before = tf.memory().numTensors;
  await train({ blocks: history, settings, seed: 2 });
  assert.equal(tf.memory().numTensors, before);
  const abort = new AbortController();
  const aborted = train({
    blocks: history,
    settings,
    seed: 1,
    signal: abort.signal,
    onProgress: ({ phase }) => {
      if (phase === 'fitting') abort.abort();
    },
  });
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal(tf.memory().numTensors, before);
});

test('too little history is refused in numbers', async () => {
  await assert.rejects(train({ blocks: shopHistory(1, 1, 150), settings, seed: 1 }), (error) => {
    assert.ok(error instanceof TooLittleHistoryError);
    assert.match(
      error.message,
      /\d+ windows to learn from and \d+ to hold back are too few; 200 and 40 are needed/,
    );
    return true;
  });
  await assert.rejects(train({ blocks: [], settings, seed: 1 }), TooLittleHistoryError);
});

test('what is excluded in the history is not learnt from', async () => {
  const wild = history.map((block): TrainingBlock => {
    const values = block.values.slice();
    const marks = new Uint8Array(block.times.length);
    marks.fill(RowMark.excluded, 192, 268);
    for (let row = 200; row < 260; row += 1) {
      for (let i = 0; i < 4; i += 1) values[row * 4 + i] = 1e6 * Math.sin(row * i);
    }
    return { ...block, values, marks };
  });
  const [clean, excluded] = [
    await train({ blocks: history, settings, seed: 1 }),
    await train({ blocks: wild, settings, seed: 1 }),
  ];
  assert.ok(excluded.windowsFound < clean.windowsFound - 4 * 60);
  assert.ok(excluded.calibration.row.border < 1.5 * clean.calibration.row.border);
  assert.ok(excluded.losses.kept < 1.5 * clean.losses.kept);
});

test('the exported net computes what tfjs computes, and the same bits at any place in a batch', async () => {
  await startTensorBackend();
  for (const one of [detectionSettings(), detectionSettings({ signals: shopSignals })]) {
    const width = inputWidth(one);
    const random = seededRandom(8);
    const basis = Float32Array.from({ length: width * 5 }, () => 0.2 * random.normal());
    const net = new Autoencoder(width, { count: 5, basis }, random);
    const weights = (await net.weights()).map((values) => values.map(() => 0.3 * random.normal()));
    net.setWeights(weights);
    const count = 131;
    const rows = Float32Array.from({ length: count * width }, () => 2 * random.normal());
    const expected = await tf.tidy(() => net.predict(tf.tensor2d(rows, [count, width]))).data();
    const network = await openNetwork(await net.toOnnx());
    net.dispose();
    try {
      assert.equal(network.inputWidth, width);
      const output = await network.run(rows, count);
      output.forEach((value, index) => {
        assert.ok(
          Math.abs(value - (expected[index] ?? 0)) < 1e-5 * (1 + Math.abs(value)),
          `${index}: ${value}`,
        );
      });
      for (let row = 0; row < count; row += 1) {
        const alone = await network.run(rows.slice(row * width, (row + 1) * width), 1);
        assert.deepEqual(alone, output.slice(row * width, (row + 1) * width));
      }
    } finally {
      await network.close();
    }
  }
});
