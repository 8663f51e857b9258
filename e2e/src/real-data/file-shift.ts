import { readFile } from 'node:fs/promises';

/**
 * By how much a replay moved a file's times, in milliseconds: from the file's last row to the newest reading that the
 * platform has. Nothing when the times were kept.
 */
export async function fileShiftMs(file: string, newestReadingMs: number): Promise<number> {
  const lastRow = (await readFile(file, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  return newestReadingMs - utcMs(lastRow);
}

/** The instant that a text such as `2014-02-26 13:45:00.000000` begins with; the benchmark means UTC. */
export function utcMs(text: string): number {
  return Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
}
