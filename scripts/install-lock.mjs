// One install at a time: `npm start` and `npm test` of a fresh clone may be typed in two terminals.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const longestWaitMs = 15 * 60_000;

/** Runs `install` while no other process of this checkout does; waits for one that does. */
export async function whileInstalling(root, install) {
  const file = path.join(root, '.installing');
  await take(file);
  try {
    return await install();
  } finally {
    rmSync(file, { force: true });
  }
}

async function take(file) {
  for (let waitedMs = 0; waitedMs < longestWaitMs; waitedMs += 500) {
    try {
      return writeFileSync(file, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw new Error(`Nothing can be installed here: ${error.message}`);
    }
    if (isHeld(file)) {
      if (waitedMs === 0)
        console.error(`Another command installs here; waiting for it (or remove ${file}) …`);
      await sleep(500);
    } else rmSync(file, { force: true });
  }
  throw new Error(`Another command still installs here. End it, or remove ${file}.`);
}

/** Whether the process that made the lock lives. */
function isHeld(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Empty for a moment, between being made and being written.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
