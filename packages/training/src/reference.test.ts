import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInModel, type DetectionModel, detectionSettings, Engine } from '@verdict/detection';
import { openNetwork } from '@verdict/inference';
import { dayReadings, shopHistory, shopSignals } from './shop-history.fixture.ts';
import { train } from './train.ts';

const learntFrom = shopHistory(21, 6, 4 * dayReadings);
const fresh = shopHistory(22, 6, 4 * dayReadings);

/** Kolmogorov and Smirnov: largest distance of the distribution from the uniform one. */
function distance(bins: readonly number[]): number {
  const sum = bins.reduce((all, count) => all + count, 0);
  let below = 0;
  return bins.reduce((most, count, bin) => {
    below += count;
    return Math.max(most, Math.abs(below / sum - (bin + 1) / bins.length));
  }, 0);
}

for (const signals of ['each', shopSignals] as const) {
  const what = signals === 'each' ? 'each signal by itself' : 'four signals together';
  test(`p-values of a model are about uniform on quiet history it has never seen (${what})`, async (t) => {
    const settings = detectionSettings({ signals, recurring: 'alarm' });
    const result = await train({ blocks: learntFrom, settings, seed: 1 });
    assert.equal(result.errors.length, 63);
    assert.ok(result.errors.every((error, index) => error >= (result.errors[index - 1] ?? 0)));
    const network = await openNetwork(result.onnx);
    try {
      const { calibration, errors } = result;
      const model: DetectionModel = {
        version: 1,
        settings,
        network,
        calibration,
        reference: { errors, inputs: { borders: [0], counts: [1, 1] } },
        taught: [],
      };
      const engine = new Engine({ model: builtInModel(settings) });
      const rows = (from: number, to: number) =>
        fresh.map((block) => ({
          ...block,
          times: block.times.slice(from, to),
          values: block.values.slice(4 * from, 4 * to),
        }));
      await engine.process(rows(0, dayReadings));
      await engine.swap(model);
      const { figures } = await engine.process(rows(dayReadings, 4 * dayReadings));
      const away = distance(figures.pValues);
      t.diagnostic(`${away} away from uniform`);
      assert.ok(away < 0.1, String(away));
      const below = result.inputs.filter((value) => value < 0).length / result.inputs.length;
      const seen = (figures.inputs[0] ?? 0) / ((figures.inputs[0] ?? 0) + (figures.inputs[1] ?? 0));
      assert.ok(Math.abs(below - seen) < 0.15, `${below} and ${seen} of the steps go down`);
    } finally {
      await network.close();
    }
  });
}
