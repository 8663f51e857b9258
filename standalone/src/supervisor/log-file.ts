import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

const largestBytes = 20 * 1024 * 1024;

/** A part's log, open for appending. */
export interface LogFile {
  readonly descriptor: number;
  write(text: string): void;
  close(): void;
}

/**
 * Opens a part's log for appending. A log that has grown too large is kept once as `….1` and begun anew, so that
 * logs stay bounded over restarts.
 */
export function openLog(file: string): LogFile {
  if (existsSync(file) && statSync(file).size > largestBytes) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return {
    descriptor,
    write: (text) => {
      writeSync(descriptor, text);
    },
    close: () => closeSync(descriptor),
  };
}
