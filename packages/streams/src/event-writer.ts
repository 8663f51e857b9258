import { crc32 } from 'node:zlib';
import { isSeriesKey, type Reading } from '@verdict/contracts';
import { ByteWriter, varintBytes } from './byte-writer.ts';
import { maxTimeMs } from './reading-block.ts';
import { envelopeBytes, writeEnvelope } from './reading-codec.ts';
import { SignalLists } from './signal-lists.ts';

/** Names of a reading's signals in the one order in which they are written; the same object for the same names. */
export interface SignalOrder {
  readonly signals: readonly string[];
  readonly key: string;
}

/** Largest size of a block's head: length of the key, index of the list, number of readings. */
const headBytes = 2 + 3 + 4;

/**
 * Writes events of one partition, block by block, without anything in between. Sizes are upper bounds, so that an
 * event never exceeds its limit.
 */
export class EventWriter {
  readonly #baseMs: number;
  readonly #maxBytes: number;
  readonly #events: Uint8Array<ArrayBuffer>[] = [];
  /** Rows of the open block. */
  readonly #rows: Reading[] = [];
  #out = new ByteWriter();
  #lists = new SignalLists();
  #listBytes = 0;
  #blocks = 0;
  /** Lists that the event has, by their order. */
  #known = new Map<SignalOrder, number>();
  #series = '';
  #order: SignalOrder = { signals: [], key: '' };
  /** Of the open block, as far as it is known. */
  #blockBytes = 0;

  /** @param baseMs no time lies before it */
  constructor(baseMs: number, maxBytes: number) {
    this.#baseMs = baseMs;
    this.#maxBytes = maxBytes;
  }

  begin(series: string, order: SignalOrder): void {
    if (!isSeriesKey(series)) throw new RangeError(`block of ${JSON.stringify(series)}: no key of a series`);
    this.#series = series;
    this.#order = order;
    this.#blockBytes = headBytes + series.length + this.#bytesOfList();
  }

  /** Takes a reading into the open block. @returns false when it needs another block: it is not later, or does not fit */
  add(reading: Reading): boolean {
    const { time } = reading;
    const before = this.#rows.at(-1);
    if (!Number.isSafeInteger(time) || Math.abs(time) > maxTimeMs)
      throw new RangeError(`block of ${this.#series}: ${time} is no time`);
    if (before !== undefined && time <= before.time) return false;
    const bytes = varintBytes(time - (before?.time ?? this.#baseMs)) + 4 * this.#order.signals.length;
    if (this.#used + this.#blockBytes + bytes > this.#maxBytes) {
      if (before !== undefined) return false;
      this.#seal();
      this.#blockBytes = headBytes + this.#series.length + this.#bytesOfList();
      if (this.#used + this.#blockBytes + bytes > this.#maxBytes)
        throw new RangeError(`a reading of ${this.#series} does not fit into ${this.#maxBytes} bytes`);
    }
    this.#blockBytes += bytes;
    this.#rows.push(reading);
    return true;
  }

  /** Writes the open block. */
  end(): void {
    const { signals } = this.#order;
    const out = this.#out;
    out.ascii(this.#series);
    out.varint(this.#list());
    out.varint(this.#rows.length);
    let beforeMs = this.#baseMs;
    for (const { time } of this.#rows) {
      out.varint(time - beforeMs);
      beforeMs = time;
    }
    for (const { values } of this.#rows)
      for (const signal of signals) out.float32(finiteOf(values[signal], this.#series));
    this.#blocks += 1;
    this.#rows.length = 0;
  }

  /** Ends the last event and returns all of them. */
  finish(): Uint8Array<ArrayBuffer>[] {
    this.#seal();
    return this.#events;
  }

  get #used(): number {
    return envelopeBytes + this.#listBytes + this.#out.length;
  }

  /** What the list of the open block adds to the event: nothing when it is there already. */
  #bytesOfList(): number {
    if (this.#known.has(this.#order)) return 0;
    // A length byte for each name, and the number of names.
    return 2 + this.#order.signals.length + Buffer.byteLength(this.#order.key);
  }

  #list(): number {
    let index = this.#known.get(this.#order);
    if (index === undefined) {
      this.#listBytes += this.#bytesOfList();
      this.#lists.add(this.#order.signals);
      index = this.#lists.indexOf(this.#order.signals);
      this.#known.set(this.#order, index);
    }
    return index;
  }

  #seal(): void {
    if (this.#blocks === 0) return;
    const event = new ByteWriter(this.#used);
    writeEnvelope(event, { lists: this.#lists, baseMs: this.#baseMs, blocks: this.#blocks });
    event.bytes(this.#out.written());
    event.u32(crc32(event.written()));
    this.#events.push(event.written().slice());
    this.#out = new ByteWriter();
    this.#lists = new SignalLists();
    this.#known = new Map();
    this.#listBytes = 0;
    this.#blocks = 0;
  }
}

function finiteOf(value: number | null | undefined, series: string): number {
  const number = value ?? Number.NaN;
  if (number === Number.POSITIVE_INFINITY || number === Number.NEGATIVE_INFINITY)
    throw new RangeError(`block of ${series}: an infinite value`);
  return number;
}
