import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailure } from '../failure.ts';

/** Files to read, and whether they were found in a folder. */
export interface CsvFiles {
  /** The folder that was given, or the one around the file. */
  readonly root: string;
  /** Paths below the root, in their order. */
  readonly names: readonly string[];
  readonly folder: boolean;
}

/** The file that is meant, or every `.csv` and `.csv.gz` below the folder that is meant. */
export async function findCsvFiles(given: string, leaveOut?: string): Promise<CsvFiles> {
  const about = await statOf(given);
  if (!about.isDirectory())
    return { root: path.dirname(given), names: [path.basename(given)], folder: false };
  const entries = await readdir(given, { recursive: true, withFileTypes: true });
  const avoided = leaveOut === undefined ? null : path.resolve(leaveOut);
  const names = entries
    .filter((entry) => entry.isFile() && /\.csv(\.gz)?$/i.test(entry.name))
    .filter((entry) => avoided === null || !isWithin(entry, avoided))
    .map((entry) => path.relative(given, path.join(entry.parentPath, entry.name)))
    .sort();
  if (names.length === 0) throw new CommandFailure(`${given} holds no .csv or .csv.gz file.`);
  return { root: given, names, folder: true };
}

async function statOf(given: string): Promise<Stats> {
  try {
    return await stat(given);
  } catch (error) {
    throw new CommandFailure(
      `${given} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** What an earlier run wrote into the folder is no data. */
function isWithin({ parentPath, name }: Dirent, folder: string): boolean {
  return path.resolve(parentPath, name).startsWith(folder + path.sep);
}
