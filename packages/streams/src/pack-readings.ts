import type { Reading } from '@verdict/contracts';
import { EventWriter, type SignalOrder } from './event-writer.ts';

/** Default bound of one event's body: five of them fit into what a hub takes at once. */
export const packedEventBytes = 200_000;

/**
 * Packs readings of one partition into as few events as the size bound allows; returns the bodies in the order in
 * which they must be sent. The order of a series' readings is kept, those that ascend stand together; the same input
 * gives the same bytes. Throws RangeError when a single reading does not fit into `maxBytes`, or is none.
 */
export function packReadings(
  readings: readonly Reading[],
  maxBytes = packedEventBytes,
): Uint8Array<ArrayBuffer>[] {
  if (readings.length === 0) return [];
  const { order, ends } = bySeries(readings);
  const orders = new Map<string, SignalOrder>();
  const writer = new EventWriter(earliest(readings), maxBytes);
  let from = 0;
  for (const end of ends) {
    while (from < end) {
      const first = readings[order[from] ?? 0];
      if (first === undefined) break;
      const signals = signalsOf(first, orders);
      writer.begin(first.series, signals);
      let to = from;
      for (; to < end; to += 1) {
        const reading = readings[order[to] ?? 0];
        if (reading === undefined || (to > from && signalsOf(reading, orders) !== signals)) break;
        if (!writer.add(reading)) break;
      }
      writer.end();
      from = to;
    }
  }
  return writer.finish();
}

/** Places of the readings series by series, in the order in which series come first; and where each series ends. */
function bySeries(readings: readonly Reading[]): { order: Int32Array; ends: Int32Array } {
  const numbers = new Map<string, number>();
  const series = new Int32Array(readings.length);
  const counts: number[] = [];
  for (let at = 0; at < readings.length; at += 1) {
    const key = readings[at]?.series ?? '';
    let number = numbers.get(key);
    if (number === undefined) {
      number = counts.length;
      numbers.set(key, number);
      counts.push(0);
    }
    series[at] = number;
    counts[number] = (counts[number] ?? 0) + 1;
  }
  const ends = new Int32Array(counts.length);
  let sum = 0;
  for (let number = 0; number < counts.length; number += 1) {
    ends[number] = sum;
    sum += counts[number] ?? 0;
  }
  const order = new Int32Array(readings.length);
  for (let at = 0; at < readings.length; at += 1) {
    const number = series[at] ?? 0;
    const place = ends[number] ?? 0;
    order[place] = at;
    ends[number] = place + 1;
  }
  return { order, ends };
}

function earliest(readings: readonly Reading[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { time } of readings) if (time < least) least = time;
  return least;
}

/** Readings of the same signals in another order belong together; the few orders there are get remembered. */
function signalsOf({ values }: Reading, orders: Map<string, SignalOrder>): SignalOrder {
  const names = Object.keys(values);
  const asGiven = names.length === 1 ? (names[0] ?? '') : names.join('\n');
  let known = orders.get(asGiven);
  if (known === undefined) {
    const sorted = names.toSorted();
    const key = sorted.join('\n');
    known = orders.get(key) ?? { signals: sorted, key };
    orders.set(key, known);
    orders.set(asGiven, known);
  }
  return known;
}
