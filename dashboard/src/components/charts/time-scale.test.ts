import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawnWithin } from './chart-marks.ts';
import { plotMargin, timeAtX, valueAxisWidth } from './time-scale.ts';

const left = plotMargin.left + valueAxisWidth;
const widthPx = left + 1000 + plotMargin.right;

test('a place on the axis is an instant, whole seconds on a long axis, and never beyond its ends', () => {
  const hour = { fromMs: 0, toMs: 3_600_000 };
  assert.equal(timeAtX(left + 500, hour, widthPx), 1_800_000);
  assert.equal(timeAtX(left + 1, hour, widthPx), 4000);
  assert.equal(timeAtX(0, hour, widthPx), 0);
  assert.equal(timeAtX(widthPx, hour, widthPx), 3_600_000);
  assert.equal(timeAtX(left + 1, { fromMs: 0, toMs: 10_000 }, widthPx), 10);
});

test('stretches are cut to the axis, a moment is still drawn, and what lies outside is not', () => {
  const bounds = { fromMs: 1000, toMs: 2000 };
  const drawn = drawnWithin(
    [
      { startMs: 0, endMs: 1500 },
      { startMs: 1700, endMs: 1700 },
      { startMs: 2001, endMs: 3000 },
    ],
    bounds,
  );
  assert.deepEqual(
    drawn.map(({ fromMs, toMs }) => [fromMs, toMs]),
    [
      [1000, 1500],
      [1698.5, 1701.5],
    ],
  );
});
