import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reading } from '@verdict/contracts';
import fc from 'fast-check';
import { packReadings } from './pack-readings.ts';
import { decodeReadings, encodeReadings } from './reading-codec.ts';

const anyReading: fc.Arbitrary<Reading> = fc.record(
  {
    series: fc.constantFrom('shop/cart', 'shop/checkout', 'host/a', 'host/b', 'x'),
    time: fc.integer({ min: 0, max: 1000 }),
    values: fc.dictionary(
      fc.constantFrom('cpu', 'memory', 'latency_p99'),
      fc.option(fc.float({ noNaN: true, noDefaultInfinity: true })),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    ),
  },
  { noNullPrototype: true },
);

/** Readings in the order in which a consumer of the partition would see them. */
function unpack(events: readonly Uint8Array[]): Reading[] {
  return events.flatMap((event) =>
    decodeReadings(event).flatMap(({ series, signals, times, values }) =>
      Array.from(times, (time, row) => ({
        series,
        time,
        values: Object.fromEntries(
          signals.map((signal, column) => {
            const value = values[row * signals.length + column] ?? Number.NaN;
            return [signal, Number.isNaN(value) ? null : value];
          }),
        ),
      })),
    ),
  );
}

test('every reading arrives once, in its series order, within the size bound', () => {
  const maxBytes = fc.integer({ min: 120, max: 2000 });
  fc.assert(
    fc.property(fc.array(anyReading, { maxLength: 200 }), maxBytes, (readings, bound) => {
      const events = packReadings(readings, bound);
      const arrived = new Map<string, Reading[]>();
      for (const event of events) assert.ok(event.length <= bound, `${event.length} > ${bound}`);
      for (const reading of unpack(events))
        arrived.set(reading.series, [...(arrived.get(reading.series) ?? []), reading]);
      for (const series of new Set(readings.map((reading) => reading.series))) {
        const sent = readings.filter((reading) => reading.series === series);
        assert.deepEqual(arrived.get(series), sent);
        arrived.delete(series);
      }
      assert.equal(arrived.size, 0);
    }),
    { numRuns: 300 },
  );
});

test('blocks that were written on the way are those that the codec writes', () => {
  fc.assert(
    fc.property(fc.array(anyReading, { minLength: 1, maxLength: 100 }), (readings) => {
      const [event, ...more] = packReadings(readings);
      assert.equal(more.length, 0);
      assert.ok(event !== undefined);
      assert.deepEqual(Buffer.from(event), Buffer.from(encodeReadings(decodeReadings(event))));
    }),
  );
});

test('the same readings give the same bytes', () => {
  const readings = fc.sample(anyReading, { numRuns: 50, seed: 7 });
  assert.deepEqual(packReadings(readings), packReadings(readings));
});

test('many readings of many series share one event, and a large batch is cut into full events', () => {
  const readings = Array.from({ length: 10_000 }, (_, index) => ({
    series: `shop/service-${index % 200}`,
    time: 1_764_000_000_000 + 1000 * Math.floor(index / 200),
    values: { cpu: Math.fround(index / 7), memory: null },
  }));
  const one = packReadings(readings);
  assert.equal(one.length, 1);
  const cut = packReadings(readings, 10_000);
  assert.ok(cut.length <= Math.ceil((one[0]?.length ?? 0) / 10_000) + 3, `${cut.length}`);
  assert.deepEqual(
    unpack(cut).filter((reading) => reading.series === 'shop/service-7'),
    readings.filter((reading) => reading.series === 'shop/service-7'),
  );
});

test('a reading that fits into no event is refused', () => {
  assert.throws(() => packReadings([{ series: 'a', time: 1, values: { cpu: 1 } }], 20), RangeError);
});
