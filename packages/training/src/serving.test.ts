import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel, detectionSettings, Engine, type SeriesBlock } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { evaluate } from './evaluate.ts';
import { shopHistory, shopSignals } from './shop-history.fixture.ts';
import { train } from './train.ts';

const history = shopHistory(4, 3, 500);

test('a net served by ONNX Runtime scores the same to the last bit, reading by reading or all at once', async () => {
  for (const signals of ['each', shopSignals] as const) {
    const settings = detectionSettings({ signals, recurring: 'alarm' });
    const { onnx, calibration } = await train({ blocks: history, settings, seed: 1 });
    const network = await openNetwork(onnx);
    try {
      const model = { version: 1, settings, network, calibration, reference: null, taught: [] };
      const whole = await new Engine({ model }).process(history);
      const engine = new Engine({ model });
      const scores = history.map((): number[] => []);
      for (let row = 0; row < 300; row += 1) {
        const blocks = history.map((block) => ({
          ...block,
          times: block.times.slice(row, row + 1),
          values: block.values.slice(row * 4, row * 4 + 4),
        }));
        const { scored } = await engine.process(blocks);
        scored.forEach(({ score }, index) => {
          scores[index]?.push(...score);
        });
      }
      whole.scored.forEach(({ score }, index) => {
        assert.deepEqual(scores[index], [...score.slice(0, 300)]);
        assert.ok(score.slice(150).some((one) => one > 0));
      });
    } finally {
      await network.close();
    }
  }
});

test('constant, missing and huge signals can be learnt and served without harm', async () => {
  const rows = 600;
  const random = (row: number) => Math.abs(Math.sin(row * 91.7)) * 100;
  const signals = ['still', 'absent', 'sparse', 'huge', 'noise'];
  const values = Float32Array.from({ length: rows * 5 }, (_, at) => {
    const row = Math.floor(at / 5);
    const sparse = row % 7 === 0 ? random(row) : Number.NaN;
    return [3, Number.NaN, sparse, 1e37 * random(row), random(row)][at % 5] ?? 0;
  });
  const block: SeriesBlock = {
    series: 's',
    signals,
    values,
    times: Float64Array.from({ length: rows }, (_, i) => i * 1e3),
  };
  for (const wanted of ['each', signals] as const) {
    const settings = detectionSettings({ signals: wanted, window: 16, recurring: 'alarm' });
    const result = await train({ blocks: [block], settings, seed: 1 });
    assert.ok(Number.isFinite(result.losses.kept));
    const network = await openNetwork(result.onnx);
    try {
      const candidate = {
        version: 1,
        settings,
        network,
        calibration: result.calibration,
        reference: null,
        taught: [],
      };
      const engine = new Engine({ model: builtInModel(settings) });
      await engine.process([block]);
      await engine.swap(candidate);
      const later = { ...block, times: block.times.map((time) => time + rows * 1000) };
      const { scored } = await engine.process([later]);
      assert.ok(scored[0]?.score.every((score) => score >= 0 && score <= 1));
      const evaluation = await evaluate({
        blocks: [block],
        heldBackFrom: result.heldBackFrom,
        candidate,
        champion: builtInModel(settings),
        events: [],
        seed: 1,
      });
      assert.ok(Number.isFinite(evaluation.candidate.reconstructionError));
    } finally {
      await network.close();
    }
  }
});
