import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs';

const largestBytes = 20 * 1024 * 1024;

/**
 * Opens a part's log for appending. A log that has grown too large is kept once as `….1` and begun anew, so that
 * logs stay bounded over restarts.
 */
export function openLog(file: string): { descriptor: number; close(): void } {
  if (existsSync(file) && statSync(file).size > largestBytes) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return { descriptor, close: () => closeSync(descriptor) };
}
