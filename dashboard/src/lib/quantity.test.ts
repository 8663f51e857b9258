import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatNumber, formatQuantity, formatRange, formatShare, unitOfSignal } from './quantity.ts';

test('the unit comes from the convention of the name, also with a statistic behind it', () => {
  assert.equal(unitOfSignal('latency_seconds'), 'seconds');
  assert.equal(unitOfSignal('latency_ms_p99'), 'milliseconds');
  assert.equal(unitOfSignal('memory.used_bytes'), 'bytes');
  assert.equal(unitOfSignal('cpu_percent'), 'percent');
  assert.equal(unitOfSignal('requests_per_second'), 'rate');
  assert.equal(unitOfSignal('hit_ratio'), 'ratio');
});

test('a name that says nothing of a unit gets none, rather than a guess', () => {
  for (const name of ['latency_p99', 'errors', 's', 'p99', 'queue_depth'])
    assert.equal(unitOfSignal(name), 'none');
});

test('durations take the scale that people would say', () => {
  assert.equal(formatQuantity(4.1, 'seconds'), '4.1 s');
  assert.equal(formatQuantity(0.21, 'seconds'), '210 ms');
  assert.equal(formatQuantity(4100, 'milliseconds'), '4.1 s');
  assert.equal(formatQuantity(600, 'seconds'), '10 min');
  assert.equal(formatQuantity(0, 'milliseconds'), '0 ms');
});

test('bytes are binary, big plain numbers are shortened, ratios are per cent', () => {
  assert.equal(formatQuantity(3 * 2 ** 30, 'bytes'), '3 GiB');
  assert.equal(formatQuantity(1204, 'none'), '1,204');
  assert.equal(formatQuantity(12_300_000, 'none'), '12.3 M');
  assert.equal(formatQuantity(0.452, 'ratio'), '45.2 %');
});

test('both ends of a range share one scale', () => {
  assert.equal(formatRange({ low: 0.2, high: 0.4 }, 'seconds'), '200 to 400 ms');
  assert.equal(formatRange({ low: 0.2, high: 4 }, 'seconds', '–'), '0.2–4 s');
  assert.equal(formatRange({ low: 5, high: 5 }, 'none'), '5');
});

test('a range stands in the scale of the value beside it, unless that is far larger', () => {
  assert.equal(formatRange({ low: 0.2, high: 0.4, beside: 4.1 }, 'seconds'), '0.2 to 0.4 s');
  assert.equal(formatRange({ low: 0.2, high: 0.4, beside: 0.06 }, 'seconds'), '200 to 400 ms');
  assert.equal(formatRange({ low: 0.002, high: 0.004, beside: 4 }, 'seconds'), '2 to 4 ms');
});

test('negative numbers carry a real minus sign and never follow a dash', () => {
  assert.equal(formatRange({ low: -13e6, high: 13e6 }, 'none', '–'), '−13–13 M');
  assert.equal(formatRange({ low: -5, high: -2 }, 'none', '–'), '−5 to −2');
});

test('a share never rounds a real part away', () => {
  assert.equal(formatShare(0.001), '< 1 %');
  assert.equal(formatShare(0.999), '> 99 %');
  assert.equal(formatShare(1), '100 %');
});

test('every finite number has a short text', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatNumber(value);
      assert.ok(text.length > 0 && text.length <= 24, text);
    }),
  );
});
