import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

/** A log that is larger is kept once as `….1` and begun anew. */
const largestBytes = 20 * 1024 * 1024;

/** A part's log, open for appending. */
export interface LogFile {
  readonly descriptor: number;
  write(text: string): void;
  close(): void;
}

/** Opens a part's log for appending; one that has grown too large is begun anew. */
export function openLog(file: string, mostBytes = largestBytes): LogFile {
  if (existsSync(file) && statSync(file).size > mostBytes) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  return {
    descriptor,
    write: (text) => {
      try {
        writeSync(descriptor, text);
      } catch (error) {
        // A full disk must not take the platform down for a line of a log.
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    },
    close: () => closeSync(descriptor),
  };
}

/**
 * Begins the logs of a folder anew that have grown too large, while their processes go on appending to them: so they
 * are copied and emptied, not renamed. Lines written in between are lost.
 */
export function trimLogs(folder: string, mostBytes = largestBytes): void {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.log'))) {
    const file = path.join(folder, name);
    if (statSync(file).size <= mostBytes) continue;
    try {
      copyFileSync(file, `${file}.1`);
    } catch (error) {
      // A full disk has no room for the old log: then it is given up, and with it some room comes back.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      rmSync(`${file}.1`, { force: true });
    }
    truncateSync(file);
  }
}
