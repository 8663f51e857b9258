import { messagesOf } from './batch-record.ts';
import type { LogFile, OpenLogFile } from './log-file.ts';
import type { PartitionLog } from './partition-log.ts';
import { readBatches } from './scan-batches.ts';
import type { Segment } from './segment.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

interface Place {
  segment: Segment;
  file: LogFile;
  position: number;
}

/** One reader's way through a partition. It holds a file and a place, never more than the piece just read. */
export class LogReader {
  readonly #log: PartitionLog;
  readonly #openFile: OpenLogFile;
  #nextSequence: number;
  #open: Place | undefined;

  /** @param nextSequence the first event to deliver; where it was dropped, the oldest one that is left */
  constructor(log: PartitionLog, openFile: OpenLogFile, nextSequence: number) {
    this.#log = log;
    this.#openFile = openFile;
    this.#nextSequence = nextSequence;
  }

  /** Sequence number of the event that `read` returns next. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /**
   * The next messages in order, as views of one fresh piece of memory of about `pieceBytes`; none at the end,
   * and on the way to an event in the middle of a segment also before it (`nextSequence` tells).
   *
   * @throws DamagedRecord when the disk no longer holds what was written
   */
  async read(pieceBytes: number): Promise<Buffer[]> {
    const { beginningSequenceNumber, lastSequenceNumber } = this.#log.state;
    if (this.#nextSequence < beginningSequenceNumber) this.#nextSequence = beginningSequenceNumber;
    if (this.#nextSequence > lastSequenceNumber) return [];
    const place = await this.#seek();
    if (place === undefined) return [];
    const messages: Buffer[] = [];
    const range = { from: place.position, to: place.segment.end };
    for (const { header, position, record } of await readBatches(place.file, range, pieceBytes)) {
      place.position = position + header.length;
      let sequence = header.firstSequence;
      for (const message of messagesOf(record)) {
        if (sequence++ >= this.#nextSequence) messages.push(message);
      }
      this.#nextSequence = Math.max(this.#nextSequence, sequence);
    }
    return messages;
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.file.close();
  }

  /** Undefined when retention was faster: the reader then stands at what is left. */
  async #seek(): Promise<Place | undefined> {
    const { segments } = this.#log;
    const segment = segments.findLast(({ base }) => base.sequence <= this.#nextSequence);
    if (segment === undefined) throw new Error(`No segment holds sequence number ${this.#nextSequence}.`);
    if (this.#open?.segment === segment) return this.#open;
    await this.close();
    const position = segment.index.floor('sequence', this.#nextSequence) ?? SEGMENT_HEADER_BYTES;
    try {
      this.#open = { segment, file: await this.#openFile(segment.path, 'read'), position };
      return this.#open;
    } catch (error) {
      const { beginningSequenceNumber } = this.#log.state;
      const wasDropped = beginningSequenceNumber > this.#nextSequence;
      if (!wasDropped || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      this.#nextSequence = beginningSequenceNumber;
      return undefined;
    }
  }
}
