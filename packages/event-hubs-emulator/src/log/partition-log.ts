import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataFolderError } from '../data-folder-error.ts';
import { EVENT_PREFIX_BYTES, encodeBatch } from './batch-record.ts';
import { GroupCommit } from './group-commit.ts';
import type { LogFile, OpenLogFile } from './log-file.ts';
import { expiredSegments, type Retention, shouldRoll } from './retention.ts';
import { createSegment, deleteSegment, openSegment, type Segment, sealSegment } from './segment.ts';

/** Where an event stands in its partition. */
export interface EventPlace {
  sequenceNumber: number;
  /** Bytes of all events before it in the partition: only an order, not a place in a file. */
  offset: number;
  /** ms since 1970, never less than that of the event before. */
  enqueuedAtMs: number;
}

/** An event to be stored: its bytes are made when its place is known, because they carry the place. */
export type EncodeAt = (place: EventPlace) => Buffer;

/** What a partition holds. `lastSequenceNumber` is -1 and `lastOffset` is -1 before the first event. */
export interface PartitionState {
  beginningSequenceNumber: number;
  lastSequenceNumber: number;
  lastOffset: number;
  lastEnqueuedAtMs: number;
  isEmpty: boolean;
}

export interface PartitionLogOptions {
  folder: string;
  openFile: OpenLogFile;
  retention: Retention;
  nowMs(): number;
  warn(message: string, fields: Record<string, unknown>): void;
}

/** The durable log of one partition: appends in groups, and the segments that readers read. */
export class PartitionLog {
  readonly #options: PartitionLogOptions;
  readonly #appends: GroupCommit<readonly EncodeAt[], void>;
  readonly #listeners = new Set<() => void>();
  #segments: Segment[];
  #file: LogFile;
  /** A failed write may have left bytes behind the end; they are cut before the next write. */
  #dirty = false;
  #closed = false;
  /** Serialises retention with appends. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(options: PartitionLogOptions, segments: Segment[], file: LogFile) {
    this.#options = options;
    this.#segments = segments;
    this.#file = file;
    this.#appends = new GroupCommit((batches) => this.#inTurn(() => this.#write(batches)));
  }

  /** Opens the log of a folder, made if need be; a torn tail is cut. */
  static async open(options: PartitionLogOptions): Promise<PartitionLog> {
    const { folder, openFile } = options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
    const segments: Segment[] = [];
    for (const [index, name] of names.entries()) {
      const path = join(folder, name);
      const opened = await openSegment(path, openFile);
      const isLast = index === names.length - 1;
      if (opened === undefined && isLast) {
        await rm(path);
        break;
      }
      if (opened === undefined || (opened.tornBytes > 0 && !isLast)) {
        throw new DataFolderError(
          `The file ${path} is damaged in its middle: restore it or remove the folder.`,
        );
      }
      if (opened.tornBytes > 0) options.warn('A torn tail is cut.', { path, bytes: opened.tornBytes });
      segments.push(opened.segment);
    }
    const newest = segments.at(-1);
    if (newest === undefined) {
      const created = await createSegment(
        folder,
        { sequence: 0, offset: 0, lastOffset: -1, enqueuedAtMs: 0 },
        openFile,
      );
      return new PartitionLog(options, [created.segment], created.file);
    }
    const file = await openFile(newest.path, 'append');
    await file.truncate(newest.end);
    await file.sync();
    return new PartitionLog(options, segments, file);
  }

  /** All segments, oldest first; never empty. */
  get segments(): readonly Segment[] {
    return this.#segments;
  }

  get state(): PartitionState {
    const oldest = this.#segments[0] as Segment;
    const newest = this.#newest;
    return {
      beginningSequenceNumber: oldest.base.sequence,
      lastSequenceNumber: newest.nextSequence - 1,
      lastOffset: newest.lastOffset,
      lastEnqueuedAtMs: newest.lastEnqueuedAtMs,
      isEmpty: oldest.base.sequence === newest.nextSequence,
    };
  }

  /**
   * Stores events as one batch, all or none. Resolves when they are on the disk; rejects with the system's
   * error (`ENOSPC`, …) when they are not stored: the log is then as if they had never come.
   */
  append(events: readonly EncodeAt[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The log is closed.'));
    return this.#appends.submit(events);
  }

  /** Calls `listener` after each commit until the returned function is called. */
  onAppended(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Drops what is older or more than wanted. */
  applyRetention(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#closed) return;
      await this.#dropExpired(); // first: a full disk may not let a new segment begin
      if (!shouldRoll(this.#newest, this.#options.retention, this.#options.nowMs())) return;
      await this.#roll();
      await this.#dropExpired();
    });
  }

  /** Resolves when every append made so far has settled. */
  idle(): Promise<void> {
    return this.#appends.idle();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#appends.idle();
    await this.#inTurn(() => this.#file.close());
  }

  get #newest(): Segment {
    return this.#segments.at(-1) as Segment;
  }

  #inTurn<R>(action: () => Promise<R>): Promise<R> {
    const result = this.#turn.then(action);
    this.#turn = result.catch(() => undefined); // whoever asked for the action hears of its failure
    return result;
  }

  async #write(batches: (readonly EncodeAt[])[]): Promise<undefined[]> {
    if (this.#dirty) await this.#cutFailedWrite();
    if (shouldRoll(this.#newest, this.#options.retention, this.#options.nowMs())) await this.#roll();
    const segment = this.#newest;
    const enqueuedAtMs = Math.max(this.#options.nowMs(), segment.lastEnqueuedAtMs);
    let { nextSequence, nextOffset, end } = segment;
    const records: Buffer[] = [];
    const notes: (() => void)[] = [];
    for (const events of batches) {
      const firstSequence = nextSequence;
      const firstOffset = nextOffset;
      let lastOffset = nextOffset;
      const messages = events.map((encode) => {
        lastOffset = nextOffset;
        const message = encode({ sequenceNumber: nextSequence, offset: nextOffset, enqueuedAtMs });
        nextSequence += 1;
        nextOffset += EVENT_PREFIX_BYTES + message.length;
        return message;
      });
      const header = { firstSequence, firstOffset, enqueuedAtMs, count: events.length };
      const record = encodeBatch(header, messages);
      const position = end;
      const behind = { nextOffset, lastOffset, length: record.length };
      notes.push(() => segment.note({ ...header, ...behind }, position));
      records.push(record);
      end += record.length;
    }
    this.#dirty = true;
    try {
      await this.#file.write(records, segment.end);
      await this.#file.sync();
    } catch (error) {
      await this.#cutFailedWrite().catch(() => undefined); // tried again before the next write
      throw error;
    }
    this.#dirty = false;
    for (const note of notes) note();
    for (const listener of this.#listeners) listener();
    return batches.map(() => undefined);
  }

  async #cutFailedWrite(): Promise<void> {
    await this.#file.truncate(this.#newest.end);
    await this.#file.sync();
    this.#dirty = false;
  }

  async #dropExpired(): Promise<void> {
    for (const segment of expiredSegments(this.#segments, this.#options.retention, this.#options.nowMs())) {
      this.#segments = this.#segments.filter((kept) => kept !== segment);
      await deleteSegment(segment);
    }
  }

  async #roll(): Promise<void> {
    const full = this.#newest;
    await sealSegment(full);
    const base = {
      sequence: full.nextSequence,
      offset: full.nextOffset,
      lastOffset: full.lastOffset,
      enqueuedAtMs: full.lastEnqueuedAtMs,
    };
    const { segment, file } = await createSegment(this.#options.folder, base, this.#options.openFile);
    const previous = this.#file;
    this.#file = file;
    this.#segments = [...this.#segments, segment];
    await previous.close();
  }
}
