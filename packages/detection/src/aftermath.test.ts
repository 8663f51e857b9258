import assert from 'node:assert/strict';
import { test } from 'node:test';
import { learntModel, wave } from './engine.fixture.ts';
import { Engine } from './engine.ts';

/** A quiet wave with a spike every 60 rows; the rows after each are off by `aftermath`, too little for an alarm. */
function spikes(aftermath: number) {
  const block = wave('s', 1600);
  const values = block.values.slice();
  for (let row = 300; row < values.length - 40; row += 60) {
    values[row] = (values[row] ?? 0) + 400;
    for (let after = 1; after <= 6; after += 1) values[row + after] = (values[row + after] ?? 0) + aftermath;
  }
  return { ...block, values };
}

test('what follows an anomaly widens no band', async () => {
  const model = learntModel(1, { window: 8 });
  const lastBand = async (aftermath: number) => {
    const { scored } = await new Engine({ model }).process([spikes(aftermath)]);
    return scored.at(-1)?.band.at(-1) ?? Number.NaN;
  };
  const [clean, disturbed] = [await lastBand(0), await lastBand(9)];
  assert.ok(Math.abs(disturbed - clean) < 0.1 * clean, `${disturbed} instead of ${clean}`);
});
