import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BatchHeader, EVENT_PREFIX_BYTES, messagesOf } from './batch-record.ts';
import { syncFolder, writeFileDurably } from './durable-write.ts';
import type { LogFile, OpenLogFile } from './log-file.ts';
import { DamagedRecord, scanBatches } from './scan-batches.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  SEGMENT_HEADER_BYTES,
  type SegmentBase,
} from './segment-header.ts';
import { SparseIndex } from './sparse-index.ts';

/** A file of consecutive batches. Only the newest segment of a partition is written to. */
export class Segment {
  readonly path: string;
  readonly base: SegmentBase;
  index = new SparseIndex();
  /** Byte behind the last durable batch. */
  end = SEGMENT_HEADER_BYTES;
  nextSequence: number;
  nextOffset: number;
  /** Offset of the newest event here, or of the one before this segment; -1 when there is none. */
  lastOffset: number;
  /** Enqueued time of the newest event here, or of the one before this segment. */
  lastEnqueuedAtMs: number;
  /** Enqueued time of the oldest event here; undefined when there is none. */
  firstEnqueuedAtMs: number | undefined;

  constructor(path: string, base: SegmentBase) {
    this.path = path;
    this.base = base;
    this.nextSequence = base.sequence;
    this.nextOffset = base.offset;
    this.lastOffset = base.lastOffset;
    this.lastEnqueuedAtMs = base.enqueuedAtMs;
  }

  get isEmpty(): boolean {
    return this.nextSequence === this.base.sequence;
  }

  /** Takes note of a batch that is durable at `position`. */
  note(header: BatchHeader & { nextOffset: number; lastOffset: number }, position: number): void {
    this.index.add({
      sequence: header.firstSequence,
      offset: header.firstOffset,
      enqueuedAtMs: header.enqueuedAtMs,
      position,
    });
    this.end = position + header.length;
    this.nextSequence = header.firstSequence + header.count;
    this.nextOffset = header.nextOffset;
    this.lastOffset = header.lastOffset;
    this.lastEnqueuedAtMs = header.enqueuedAtMs;
    this.firstEnqueuedAtMs ??= header.enqueuedAtMs;
  }
}

export function segmentPath(folder: string, baseSequence: number): string {
  return join(folder, `${String(baseSequence).padStart(20, '0')}.log`);
}

const indexPath = (path: string): string => path.replace(/\.log$/, '.index');

/** A new, empty segment, durable together with its name, and its file to write to. */
export async function createSegment(
  folder: string,
  base: SegmentBase,
  openFile: OpenLogFile,
): Promise<{ segment: Segment; file: LogFile }> {
  const path = segmentPath(folder, base.sequence);
  const file = await openFile(path, 'create');
  try {
    await file.write([encodeSegmentHeader(base)], 0);
    await file.sync();
    await syncFolder(dirname(path));
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  return { segment: new Segment(path, base), file };
}

/** Writes what a full segment knows beside it, so that opening it again reads no events. */
export async function sealSegment(segment: Segment): Promise<void> {
  const { end, nextSequence, nextOffset, lastOffset, lastEnqueuedAtMs, firstEnqueuedAtMs } = segment;
  const summary = [end, nextSequence, nextOffset, lastOffset, lastEnqueuedAtMs, firstEnqueuedAtMs ?? -1];
  await writeFileDurably(indexPath(segment.path), segment.index.encode(summary));
}

export async function deleteSegment(segment: Segment): Promise<void> {
  await rm(segment.path, { force: true });
  await rm(indexPath(segment.path), { force: true });
}

/**
 * Opens a segment that was left by an earlier run: from its index file, or else by reading it through.
 *
 * @returns the segment and the number of bytes behind its last whole batch (a torn tail);
 *   undefined when even its header is torn, so that nothing was ever acknowledged in it
 */
export async function openSegment(
  path: string,
  openFile: OpenLogFile,
): Promise<{ segment: Segment; tornBytes: number } | undefined> {
  const file = await openFile(path, 'read');
  try {
    const base = decodeSegmentHeader(await file.read(SEGMENT_HEADER_BYTES, 0));
    if (base === undefined) return undefined;
    const segment = new Segment(path, base);
    const size = await file.size();
    if (await loadIndex(segment, size)) return { segment, tornBytes: 0 };
    try {
      for await (const { header, position, record } of scanBatches(file, { from: segment.end, to: size })) {
        segment.note({ ...header, ...offsetsBehind(header, record) }, position);
      }
    } catch (error) {
      if (!(error instanceof DamagedRecord)) throw error;
    }
    return { segment, tornBytes: size - segment.end };
  } finally {
    await file.close();
  }
}

async function loadIndex(segment: Segment, size: number): Promise<boolean> {
  let bytes: Buffer;
  try {
    bytes = await readFile(indexPath(segment.path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const decoded = SparseIndex.decode(bytes);
  const [end, nextSequence, nextOffset, lastOffset, lastEnqueuedAtMs, firstEnqueuedAtMs] =
    decoded?.summary ?? [];
  // An index that was written before the segment grew on is of no use.
  if (decoded === undefined || end !== size || firstEnqueuedAtMs === undefined) return false;
  segment.index = decoded.index;
  segment.end = end;
  segment.nextSequence = nextSequence ?? segment.nextSequence;
  segment.nextOffset = nextOffset ?? segment.nextOffset;
  segment.lastOffset = lastOffset ?? segment.lastOffset;
  segment.lastEnqueuedAtMs = lastEnqueuedAtMs ?? segment.lastEnqueuedAtMs;
  segment.firstEnqueuedAtMs = firstEnqueuedAtMs < 0 ? undefined : firstEnqueuedAtMs;
  return true;
}

/** Offsets of a batch's last event and of the event behind it. */
function offsetsBehind(header: BatchHeader, record: Buffer): { lastOffset: number; nextOffset: number } {
  let lastOffset = header.firstOffset;
  let nextOffset = header.firstOffset;
  for (const message of messagesOf(record)) {
    lastOffset = nextOffset;
    nextOffset += EVENT_PREFIX_BYTES + message.length;
  }
  return { lastOffset, nextOffset };
}
