import { randomBytes } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { BlobExists, type BlobStore, BlobTooLarge } from '../ports/blob-store.ts';
import { checkBlobName } from './blob-name.ts';

/** There is no room for a blob. */
export class BlobStoreFull extends Error {
  override readonly name = 'BlobStoreFull';
}

/**
 * Larger blobs are neither put nor got, for both happens in memory: what Node reads from a file at once. A whole snapshot
 * of a partition is the largest one, 1 GB for 200,000 series of one signal.
 */
export const mostBlobBytes = 2 ** 31 - 1;

/** No writer takes so long: an older temporary file was left by one that was killed. */
const leftOverAfterMs = 3_600_000;

/**
 * Blobs as files of a folder. A blob is written to a temporary file beside its place, made durable, and then linked
 * to its name: a link never replaces a file, so of two writers one wins, and a reader never sees half a blob.
 */
export async function openFolderBlobs(folder: string, mostBytes: number = mostBlobBytes): Promise<BlobStore> {
  await mkdir(folder, { recursive: true });
  await removeLeftOvers(folder, Date.now() - leftOverAfterMs);
  const pathOf = (name: string) => {
    checkBlobName(name);
    return join(folder, ...name.split('/'));
  };
  return {
    put: async (name, bytes) => {
      const path = pathOf(name);
      if (bytes.length > mostBytes) throw tooLarge(name, bytes.length, mostBytes);
      await put(path, name, bytes);
    },
    get: (name) => readOrNull(pathOf(name), { name, mostBytes }),
    delete: (name) => rm(pathOf(name), { force: true }),
    list: (prefix) => list(folder, prefix),
  };
}

async function put(path: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);
  try {
    await makeFolder(dirname(path));
    await writeDurably(temporary, bytes);
    await link(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new BlobStoreFull(`no room for the blob ${name}: the disk is full`, { cause: error });
    if (code !== 'EEXIST') throw error;
    const there = await readOrNull(path);
    if (there === null || Buffer.compare(there, bytes) !== 0)
      throw new BlobExists(`the blob ${name} exists with other content`, { cause: error });
    // Whoever wrote it may not have come to this yet.
    await syncFolder(dirname(path));
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes a folder and its parents durable: an entry lasts only when its own folder is synced. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

/** Windows cannot sync a folder; its file system keeps names in a journal. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readOrNull(
  path: string,
  bound: { name: string; mostBytes: number } | null = null,
): Promise<Uint8Array | null> {
  try {
    if (bound !== null) {
      const { size } = await stat(path);
      if (size > bound.mostBytes) throw tooLarge(bound.name, size, bound.mostBytes);
    }
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

function tooLarge(name: string, bytes: number, mostBytes: number): BlobTooLarge {
  return new BlobTooLarge(`the blob ${name} has ${bytes} bytes, more than ${mostBytes}`);
}

/** Removes temporary files last written before `beforeMs`; several processes may do so at the same time. */
async function removeLeftOvers(folder: string, beforeMs: number): Promise<void> {
  for (const entry of await entriesBelow(folder)) {
    if (!/^\.[0-9a-f]{16}\.tmp$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (found !== null && found.mtimeMs < beforeMs) await rm(path, { force: true });
  }
}

async function entriesBelow(folder: string): Promise<Dirent[]> {
  return readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}

async function list(folder: string, prefix: string): Promise<string[]> {
  // Only the deepest folder that the prefix names is walked.
  const start = join(folder, ...prefix.split('/').slice(0, -1));
  if (relative(folder, start).startsWith('..')) return [];
  const entries = await entriesBelow(start);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name.startsWith(prefix))
    .sort((a, b) => (a < b ? -1 : 1));
}
