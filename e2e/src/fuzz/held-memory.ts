import type { ChildProcess } from 'node:child_process';
import { within } from '../platform/until.ts';

const megabyte = 1024 * 1024;

/** What a process holds after its garbage was collected, in megabytes. */
export interface HeldMemory {
  readonly rssMb: number;
  /** Of JavaScript and of buffers: what a leak would grow. */
  readonly usedMb: number;
}

/** Asks a process that has `answer-memory.ts` preloaded; garbage is collected before. */
export async function heldMemory(child: ChildProcess): Promise<HeldMemory> {
  const answer = new Promise<Record<string, number>>((resolve) => {
    const hear = (message: unknown): void => {
      if ((message as { type?: string }).type !== 'memory') return;
      child.off('message', hear);
      resolve(message as Record<string, number>);
    };
    child.on('message', hear);
  });
  child.send({ type: 'memory' });
  const {
    rss = 0,
    heapUsed = 0,
    external = 0,
  } = await within(30_000, answer, () => 'it does not tell its memory');
  return { rssMb: rss / megabyte, usedMb: (heapUsed + external) / megabyte };
}
