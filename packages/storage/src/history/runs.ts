import { type ByteReader, type ByteWriter, CorruptChunk } from './byte-cursor.ts';

/** Writes bytes as runs of the same one. */
export function writeRuns(writer: ByteWriter, flags: Uint8Array): void {
  for (let from = 0; from < flags.length; ) {
    let to = from + 1;
    while (to < flags.length && flags[to] === flags[from]) to++;
    writer.byte(flags[from] ?? 0);
    writer.unsigned(to - from);
    from = to;
  }
}

/** Reads `count` bytes; throws `CorruptChunk` for runs that are not of that many. */
export function readRuns(reader: ByteReader, count: number): Uint8Array {
  const flags = new Uint8Array(count);
  for (let from = 0; from < count; ) {
    const flag = reader.byte();
    const length = reader.unsigned();
    if (length === 0 || from + length > count) throw new CorruptChunk('a run of flags is too long');
    flags.fill(flag, from, from + length);
    from += length;
  }
  return flags;
}
