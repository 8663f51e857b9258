import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { replayTiming } from './replay-timing.ts';

const startedAtMs = 1_800_000_000_000;
const speeds = fc.oneof(
  fc.constant(Number.POSITIVE_INFINITY),
  fc.double({ min: 0.1, max: 10_000, noNaN: true }),
);
const span = fc.tuple(fc.nat(2_000_000_000), fc.nat(100_000_000)).map(([firstMs, lengthMs]) => ({
  firstMs,
  lastMs: firstMs + lengthMs,
}));

test('no row is sent with a time ahead of the clock by more than a slow replay needs', () => {
  fc.assert(
    fc.property(
      span,
      speeds,
      fc.double({ min: 0, max: 1, noNaN: true }),
      ({ firstMs, lastMs }, speed, share) => {
        const timing = replayTiming({ firstMs, lastMs, startedAtMs, speed, keepTimes: false });
        const rowMs = Math.round(firstMs + share * (lastMs - firstMs));
        assert.ok(timing.dueMs(rowMs) >= startedAtMs);
        assert.ok(timing.sentTimeMs(rowMs) <= timing.dueMs(rowMs) + 1);
      },
    ),
  );
});

test('the file ends at the moment at which its last row is sent', () => {
  fc.assert(
    fc.property(span, fc.double({ min: 1, max: 10_000, noNaN: true }), ({ firstMs, lastMs }, speed) => {
      const timing = replayTiming({ firstMs, lastMs, startedAtMs, speed, keepTimes: false });
      assert.ok(Math.abs(timing.sentTimeMs(lastMs) - timing.dueMs(lastMs)) <= 1);
      assert.equal(timing.sentTimeMs(lastMs) - timing.sentTimeMs(firstMs), lastMs - firstMs);
    }),
  );
});

test('ten times the pace takes a tenth of the time, and kept times are kept', () => {
  const timing = replayTiming({ firstMs: 5000, lastMs: 65_000, startedAtMs, speed: 10, keepTimes: true });
  assert.equal(timing.dueMs(65_000) - timing.dueMs(5000), 6000);
  assert.equal(timing.sentTimeMs(12_345), 12_345);
});
