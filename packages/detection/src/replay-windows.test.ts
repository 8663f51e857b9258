import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectionSettings } from './detection-settings.ts';
import { wave } from './engine.fixture.ts';
import { type ReplayRequest, replayWindows } from './replay-windows.ts';

const settings = detectionSettings({ window: 8 });
/** A wave with a jump of four readings. */
const block = wave('s', 400);
block.values.forEach((value, row) => {
  if (isJump(row)) block.values[row] = value + 200;
});

function isJump(row: number): boolean {
  return row >= 300 && row < 304;
}

/** Windows by kind and row of their newest reading. */
function windows(given: Partial<ReplayRequest>): Record<'quiet' | 'taught', Map<number, Float32Array>> {
  const found = { quiet: new Map<number, Float32Array>(), taught: new Map<number, Float32Array>() };
  replayWindows({
    blocks: [block],
    settings,
    ...given,
    visit: (window, time, kind) => void found[kind].set(block.times.indexOf(time), window.slice()),
  });
  return found;
}

const rows = (found: Map<number, Float32Array>) => [...found.keys()].filter((row) => row >= 290 && row < 320);

test('flagged rows are in no window, and nothing is taught unless somebody says so', () => {
  const { quiet, taught } = windows({});
  assert.equal(taught.size, 0);
  assert.ok(!rows(quiet).some((row) => row >= 300 && row < 311));
  assert.ok(quiet.has(299) && quiet.has(320));
});

test('a taught window shows its newest row as it came and flagged rows before it as expected', () => {
  const plain = windows({});
  const { quiet, taught } = windows({ taught: (_, row) => isJump(row) });
  assert.deepEqual([...taught.keys()], [300, 301, 302, 303]);
  assert.deepEqual(quiet, plain.quiet, 'the quiet ones are what they were');
  for (const [row, window] of taught) {
    const newest = window.at(-1) ?? 0;
    const before = Math.max(...window.slice(0, -1));
    assert.ok(newest > 5, `row ${row} is shown as far off as it was: ${newest}`);
    assert.ok(before < 3, `flagged rows before row ${row} are cleaned: ${before}`);
  }
});

test('a taught row that is not odd is taught, and not counted as quiet as well', () => {
  const { quiet, taught } = windows({ taught: (_, row) => row === 250 });
  assert.deepEqual([...taught.keys()], [250]);
  assert.ok(!quiet.has(250) && quiet.has(249) && quiet.has(251));
});

test('a window with an excluded row is not taught, wherever in it the row lies', () => {
  const taughtWith = (excludedRow: number) =>
    windows({ taught: (_, row) => isJump(row), excluded: (_, row) => row === excludedRow }).taught;
  assert.deepEqual([...taughtWith(292).keys()], [300, 301, 302, 303]);
  assert.deepEqual([...taughtWith(293).keys()], [301, 302, 303]);
  assert.deepEqual([...taughtWith(301).keys()], [300]);
});
