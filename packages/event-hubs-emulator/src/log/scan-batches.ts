import { type BatchHeader, isIntact, isPlausible, readBatchHeader } from './batch-record.ts';
import type { LogFile } from './log-file.ts';

const PIECE_BYTES = 256 * 1024;

/** One whole batch as it lies in a file. */
export interface ScannedBatch {
  header: BatchHeader;
  position: number;
  record: Buffer;
}

/** The record at a position of a file is torn or damaged. */
export class DamagedRecord extends Error {
  override name = 'DamagedRecord';
  readonly position: number;
  constructor(position: number) {
    super(`The record at position ${position} is damaged.`);
    this.position = position;
  }
}

/** Part of a file: from byte `from`, the border of a batch, to byte `to`. */
export interface Range {
  from: number;
  to: number;
}

/**
 * The whole batches in one piece of about `pieceBytes` (or in as long a piece as the first batch needs), each
 * with its checksum checked, as views of fresh memory. Empty only when the range is.
 *
 * @throws DamagedRecord when a record is torn or damaged; earlier ones of the piece are then returned first
 */
export async function readBatches(file: LogFile, range: Range, pieceBytes: number): Promise<ScannedBatch[]> {
  if (range.from >= range.to) return [];
  const piece = await file.read(Math.min(pieceBytes, range.to - range.from), range.from);
  const batches: ScannedBatch[] = [];
  let at = 0;
  for (;;) {
    const header = readBatchHeader(piece, at);
    if (header === undefined || !isPlausible(header) || at + header.length > piece.length) {
      if (batches.length > 0) return batches;
      const isShort = header !== undefined && isPlausible(header) && header.length > pieceBytes;
      if (isShort && range.from + header.length <= range.to) return readBatches(file, range, header.length);
      throw new DamagedRecord(range.from);
    }
    const record = piece.subarray(at, at + header.length);
    if (!isIntact(record)) {
      if (batches.length > 0) return batches;
      throw new DamagedRecord(range.from);
    }
    batches.push({ header, position: range.from + at, record });
    at += header.length;
  }
}

/**
 * All batches of a range, piece by piece.
 *
 * @throws DamagedRecord at the first record that is torn or damaged
 */
export async function* scanBatches(file: LogFile, range: Range): AsyncGenerator<ScannedBatch> {
  let { from } = range;
  while (from < range.to) {
    for (const batch of await readBatches(file, { from, to: range.to }, PIECE_BYTES)) {
      yield batch;
      from = batch.position + batch.header.length;
    }
  }
}
