import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectionSettings, inputWidth } from '@verdict/detection';
import { seededRandom } from './seeded-random.ts';
import { shopHistory, shopSignals } from './shop-history.fixture.ts';
import { RowMark, type TrainingBlock, timeAtShare } from './training-block.ts';
import { sampleWindows } from './window-sample.ts';

const settings = detectionSettings({ signals: shopSignals, window: 16, recurring: 'alarm' });
const history = shopHistory(3, 4, 500);
const sample = (blocks: readonly TrainingBlock[]) =>
  sampleWindows({
    blocks,
    settings,
    heldBackFrom: timeAtShare(blocks, 0.8),
    most: 5000,
    random: seededRandom(1),
  });
const width = inputWidth(settings);

test('a taught false alarm weighs 2 %, also one in the held-back part, and is no quiet window', () => {
  const blocks = history.map((block, index): TrainingBlock => {
    const taught = new Uint32Array(500);
    if (index < 2) taught.fill(index + 1, index === 0 ? 200 : 450, index === 0 ? 204 : 456);
    return { ...block, taught };
  });
  const [without, withTaught] = [sample(history), sample(blocks)];
  assert.deepEqual([without.falseAlarms, withTaught.falseAlarms], [[], [1, 2]]);
  assert.equal(without.training.length / width, without.quiet);
  const total = withTaught.training.length / width;
  assert.equal(total - withTaught.quiet, Math.floor((withTaught.quiet * 0.04) / 0.96));
  assert.ok(withTaught.found < without.found);
  assert.deepEqual(sample([...blocks].reverse()), withTaught);
});

test('rows that are excluded or held back are in no window', () => {
  const wild = history.map((block): TrainingBlock => {
    const values = block.values.slice().fill(1e6, 4 * 300, 4 * 310);
    const marks = new Uint8Array(500);
    marks.fill(RowMark.excluded, 300, 305);
    marks.fill(RowMark.heldBack, 305, 310);
    return { ...block, values, marks, taught: new Uint32Array(500).fill(1, 300, 310) };
  });
  const { training, heldBack, falseAlarms } = sample(wild);
  assert.deepEqual(falseAlarms, []);
  for (const windows of [training, heldBack]) assert.ok(windows.every((value) => Math.abs(value) < 7.9));
});
