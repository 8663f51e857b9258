import { statfs } from 'node:fs/promises';
import type { Clock } from '@verdict/process';

const everyMs = 10_000;
/** Below this, parts begin to refuse work; above the second, there is room to go on. */
const lowBytes = 50 * 1024 * 1024;
const enoughBytes = 100 * 1024 * 1024;

/**
 * Tells people once when the disk of the data folder has become full, and once when there is room again, until the
 * signal is aborted. The parts themselves refuse what they cannot store, and go on by themselves.
 */
export async function watchDisk(options: {
  folder: string;
  clock: Clock;
  signal: AbortSignal;
  say: (text: string) => void;
  askDisk?: (folder: string) => Promise<{ bavail: number; bsize: number }>;
}): Promise<void> {
  const { folder, clock, signal, say, askDisk = statfs } = options;
  let full = false;
  while (!signal.aborted) {
    // A disk that does not answer is told of by the parts that need it.
    const disk = await askDisk(folder).catch(() => null);
    const freeBytes = disk ? disk.bavail * disk.bsize : null;
    if (freeBytes !== null && !full && freeBytes < lowBytes) {
      full = true;
      say(
        `The disk of ${folder} is full: new data is refused and nothing is lost. Free some space; Verdict then goes on by itself.`,
      );
    } else if (freeBytes !== null && full && freeBytes > enoughBytes) {
      full = false;
      say('There is room on the disk again: Verdict goes on.');
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}
