import { open } from 'node:fs/promises';

/** One file of the log. Tests hand in another implementation to act out a full disk. */
export interface LogFile {
  /** Writes all bytes at `position`. Rejects with the system's error (`ENOSPC`, …); part may then be written. */
  write(bytes: readonly Buffer[], position: number): Promise<void>;
  /** Resolves when everything written so far survives a power cut. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Up to `length` bytes from `position`; fewer at the end of the file. The buffer is never reused. */
  read(length: number, position: number): Promise<Buffer>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** `create` fails when the file exists; `append` is for a file that exists, to write on; `read` only reads. */
export type OpenLogFile = (path: string, mode: 'create' | 'append' | 'read') => Promise<LogFile>;

const FLAGS = { create: 'wx+', append: 'r+', read: 'r' } as const;

export const openLogFile: OpenLogFile = async (path, mode) => {
  const handle = await open(path, FLAGS[mode], 0o600);
  return {
    async write(bytes, position) {
      let pending: Uint8Array[] = [...bytes];
      let at = position;
      while (pending.length > 0) {
        const { bytesWritten } = await handle.writev(pending, at);
        at += bytesWritten;
        pending = skip(pending, bytesWritten);
      }
    },
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    async read(length, position) {
      const buffer = Buffer.allocUnsafe(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    size: async () => (await handle.stat()).size,
    close: () => handle.close(),
  };
};

function skip(buffers: Uint8Array[], written: number): Uint8Array[] {
  let left = written;
  let index = 0;
  for (; index < buffers.length; index++) {
    const length = buffers[index]?.length ?? 0;
    if (left < length) break;
    left -= length;
  }
  const [first, ...rest] = buffers.slice(index);
  return first === undefined ? [] : [first.subarray(left), ...rest];
}
