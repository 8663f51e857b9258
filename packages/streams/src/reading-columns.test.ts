import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeReadings, encodeReadings, type ReadingBlock } from './reading-codec.ts';
import { ReadingColumns } from './reading-columns.ts';
import { UndecodableEvent } from './undecodable-event.ts';

const anyBlock: fc.Arbitrary<ReadingBlock> = fc
  .record({
    series: fc.constantFrom('a', 'shop/cart', 'shop/checkout', 'x.y:z'),
    signals: fc.constantFrom(['cpu'], ['cpu', 'mem'], ['mem', 'cpu']),
    first: fc.integer({ min: -50, max: 50 }),
    steps: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }),
  })
  .chain(({ series, signals, first, steps }) => {
    const times = Float64Array.from([0, ...steps]);
    times[0] = first;
    for (let at = 1; at < times.length; at += 1) times[at] = (times[at - 1] ?? 0) + (times[at] ?? 0);
    const size = times.length * signals.length;
    return fc
      .float32Array({ minLength: size, maxLength: size, noDefaultInfinity: true })
      .map((values) => ({ series, signals, times, values }));
  });
const anyEvent = fc.array(anyBlock, { maxLength: 6 }).map((blocks) => encodeReadings(blocks));

/** Every reading as one line, per series in the order in which it came. */
function readingsOf(
  blocks: readonly (ReadingBlock & { sequences?: Float64Array; sequence?: number })[],
): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const { series, signals, times, values, sequences, sequence } of blocks) {
    const own = lines.get(series) ?? [];
    for (let row = 0; row < times.length; row += 1) {
      const cells = [...values.subarray(row * signals.length, (row + 1) * signals.length)];
      own.push([sequences?.[row] ?? sequence, times[row], String(signals), ...cells].join(' '));
    }
    lines.set(series, own);
  }
  return lines;
}

test('what is gathered from many events is what each of them holds, in the order of each series', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 6 }), (events) => {
      const columns = new ReadingColumns();
      for (const [sequence, event] of events.entries()) columns.add(event, sequence);
      const gathered = columns.blocks();
      const given = events.flatMap((event, sequence) =>
        decodeReadings(event).map((block) => ({ ...block, sequence })),
      );
      assert.deepEqual(readingsOf(gathered), readingsOf(given));
      for (const { signals, times, values, sequences } of gathered) {
        assert.ok(times.length > 0);
        for (let row = 1; row < times.length; row += 1) assert.ok((times[row] ?? 0) > (times[row - 1] ?? 0));
        assert.equal(values.length, times.length * signals.length);
        assert.equal(sequences.length, times.length);
      }
    }),
  );
});

test('ascending readings of a series stand in one block, however many events brought them', () => {
  const columns = new ReadingColumns();
  for (let at = 0; at < 50; at += 1)
    columns.add(
      encodeReadings(
        ['a', 'b'].map((series) => ({
          series,
          signals: ['cpu'],
          times: Float64Array.of(at),
          values: Float32Array.of(at),
        })),
      ),
      at,
    );
  assert.deepEqual(
    columns.blocks().map(({ series, times }) => [series, times.length]),
    [
      ['a', 50],
      ['b', 50],
    ],
  );
});

test('an event is taken or refused exactly as by itself, and a refused one leaves nothing', () => {
  const sound = encodeReadings([
    { series: 'a', signals: ['cpu'], times: Float64Array.of(1, 2), values: Float32Array.of(1, 2) },
  ]);
  const changes = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(anyEvent, changes, (event, changed) => {
      const bytes = Uint8Array.from(event);
      for (const [at, value] of changed) bytes[at % bytes.length] = value;
      const columns = new ReadingColumns();
      columns.add(sound, 1);
      let refused: unknown = null;
      let alone: unknown = null;
      try {
        columns.add(bytes, 2);
      } catch (error) {
        refused = error;
      }
      try {
        decodeReadings(bytes);
      } catch (error) {
        alone = error;
      }
      assert.equal(refused === null, alone === null, String(refused ?? alone));
      if (refused === null) return;
      assert.ok(refused instanceof UndecodableEvent);
      columns.add(sound, 3);
      assert.equal(columns.blocks().flatMap(({ times }) => [...times]).length, 4);
    }),
    { numRuns: 500 },
  );
});
