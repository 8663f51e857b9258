import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A few databases at once, and as much again. */
const enoughBytes = 3 * 1024 ** 3;

/**
 * A folder for what the tests of one run share and for their databases: in memory where Linux has room for it, since
 * to fill files and throw them away is most of what these databases do.
 */
export function makeRunFolder() {
  return mkdtempSync(path.join(hasRoom('/dev/shm') ? '/dev/shm' : tmpdir(), 'verdict-tests-'));
}

function hasRoom(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= enoughBytes;
  } catch {
    // Not Linux.
    return false;
  }
}
