import type { Reading } from '@verdict/contracts';
import { varintBytes } from './byte-writer.ts';
import { partitionOfKey } from './partition-key.ts';
import { encodeReadings, envelopeBytes, type ReadingBlock } from './reading-codec.ts';

/** Default bound of one event's body: five of them fit into what a hub takes at once. */
export const packedEventBytes = 200_000;

/**
 * Packs readings into as few events as the size bound allows. Returns, per partition id (as the hub's own hash
 * of the series key gives it), the bodies in the order in which they must be sent. The order of a series'
 * readings is kept; the same input gives the same bytes. Throws RangeError when a single reading does not fit
 * into `maxBytes`.
 */
export function packReadings(
  readings: readonly Reading[],
  partitionCount: number,
  maxBytes = packedEventBytes,
): Map<string, Uint8Array<ArrayBuffer>[]> {
  const bySeries = new Map<string, Reading[]>();
  for (const reading of readings) {
    const known = bySeries.get(reading.series);
    if (known) known.push(reading);
    else bySeries.set(reading.series, [reading]);
  }
  const packers = new Map<string, EventPacker>();
  for (const [series, own] of bySeries) {
    const partition = String(partitionOfKey(series, partitionCount));
    const packer = packers.get(partition) ?? new EventPacker(maxBytes);
    packers.set(partition, packer);
    for (const reading of own) packer.add(reading);
  }
  return new Map([...packers].map(([partition, packer]) => [partition, packer.finish()]));
}

interface OpenBlock {
  readonly series: string;
  readonly signals: readonly string[];
  readonly signalsKey: string;
  readonly times: number[];
  readonly values: number[];
}

/** Fills events of one partition; sizes are upper bounds, so that an event never exceeds its limit. */
class EventPacker {
  readonly #maxBytes: number;
  readonly #events: Uint8Array<ArrayBuffer>[] = [];
  readonly #orders = new Map<string, { signals: readonly string[]; signalsKey: string }>();
  #blocks: OpenBlock[] = [];
  #lists = new Set<string>();
  #bytes = envelopeBytes;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add({ series, time, values }: Reading): void {
    const { signals, signalsKey } = this.#sorted(Object.keys(values));
    const row = signals.map((signal) => values[signal] ?? Number.NaN);
    const block = this.#blocks.at(-1);
    const beforeMs = block?.times.at(-1);
    if (
      block?.series === series &&
      block.signalsKey === signalsKey &&
      beforeMs !== undefined &&
      time > beforeMs
    ) {
      const bytes = varintBytes(time - beforeMs) + 4 * row.length;
      if (this.#bytes + bytes <= this.#maxBytes) {
        this.#bytes += bytes;
        block.times.push(time);
        block.values.push(...row);
        return;
      }
    }
    this.#open({ series, signals, signalsKey, times: [time], values: row });
  }

  /** Readings of the same signals in another order belong together; the few orders there are get remembered. */
  #sorted(names: string[]): { signals: readonly string[]; signalsKey: string } {
    const order = names.join('\n');
    let known = this.#orders.get(order);
    if (!known) {
      const signals = names.sort();
      known = { signals, signalsKey: signals.join('\n') };
      this.#orders.set(order, known);
    }
    return known;
  }

  /** Ends the last event and returns all of them. */
  finish(): Uint8Array<ArrayBuffer>[] {
    this.#seal();
    return this.#events;
  }

  #open(block: OpenBlock): void {
    if (this.#bytes + this.#bytesOf(block) > this.#maxBytes) this.#seal();
    this.#bytes += this.#bytesOf(block);
    if (this.#bytes > this.#maxBytes) {
      throw new RangeError(`a reading of ${block.series} does not fit into ${this.#maxBytes} bytes`);
    }
    this.#lists.add(block.signalsKey);
    this.#blocks.push(block);
  }

  #bytesOf({ series, signalsKey, signals, values }: OpenBlock): number {
    // Length, key, list index, number of readings and first time; the names (one length byte each) if they are new.
    const list = this.#lists.has(signalsKey) ? 0 : 2 + signals.length + Buffer.byteLength(signalsKey);
    return 2 + Buffer.byteLength(series) + 3 + 4 + 8 + 4 * values.length + list;
  }

  #seal(): void {
    if (this.#blocks.length === 0) return;
    const blocks: ReadingBlock[] = this.#blocks.map(({ series, signals, times, values }) => ({
      series,
      signals,
      times: Float64Array.from(times),
      values: Float32Array.from(values),
    }));
    this.#events.push(encodeReadings(blocks));
    this.#blocks = [];
    this.#lists = new Set();
    this.#bytes = envelopeBytes;
  }
}
