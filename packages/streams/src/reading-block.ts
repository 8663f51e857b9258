import { isSeriesKey } from '@verdict/contracts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { ReadingBlock } from './reading-codec.ts';
import { UndecodableEvent } from './undecodable-event.ts';

/** Times lie within this distance of 1970, so that they and their differences stay exact. */
export const maxTimeMs = 4e15;

const maxKeyBytes = 200;

/** Writes one block; throws RangeError where it breaks the rules of `ReadingBlock`. */
export function writeBlock(
  out: ByteWriter,
  block: ReadingBlock,
  event: { list: number; baseMs: number },
): void {
  const { series, signals, times, values } = block;
  const problem = problemOf(block);
  if (problem !== null) throw new RangeError(`block of ${JSON.stringify(series)}: ${problem}`);
  if (values.length !== times.length * signals.length) {
    throw new RangeError(`block of ${series}: ${values.length} values for ${times.length} readings`);
  }
  out.text(series);
  out.varint(event.list);
  out.varint(times.length);
  let beforeMs = event.baseMs;
  for (const timeMs of times) {
    out.varint(timeMs - beforeMs);
    beforeMs = timeMs;
  }
  for (const value of values) out.float32(value);
}

/** Reads what `writeBlock` wrote. Throws `UndecodableEvent`. */
export function readBlock(
  reader: ByteReader,
  event: { lists: readonly (readonly string[])[]; baseMs: number },
): ReadingBlock {
  const series = reader.text('series key', maxKeyBytes);
  const signals = event.lists[reader.varint('index of a signal list', event.lists.length)];
  if (signals === undefined) throw new UndecodableEvent('a signal list that does not exist');
  // A reading takes at least one byte for its time and four for each value.
  const room = Math.floor(reader.remaining / (1 + 4 * signals.length));
  const times = new Float64Array(reader.varint('number of readings', room));
  let timeMs = event.baseMs;
  for (let reading = 0; reading < times.length; reading += 1) {
    timeMs += reader.varint('time', 2 * maxTimeMs);
    times[reading] = timeMs;
  }
  const values = reader.float32s(times.length * signals.length);
  const block = { series, signals, times, values };
  const problem = problemOf(block);
  if (problem !== null) throw new UndecodableEvent(`block of ${JSON.stringify(series)}: ${problem}`);
  return block;
}

function problemOf({ series, times, values }: ReadingBlock): string | null {
  if (!isSeriesKey(series)) return 'no key of a series';
  if (times.length === 0) return 'no readings';
  let beforeMs = Number.NEGATIVE_INFINITY;
  for (const timeMs of times) {
    if (!Number.isSafeInteger(timeMs) || Math.abs(timeMs) > maxTimeMs) return `${timeMs} is no time`;
    if (timeMs <= beforeMs) return 'times do not ascend';
    beforeMs = timeMs;
  }
  for (const value of values) {
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return 'an infinite value';
  }
  return null;
}
