import type { RunningPlatform } from '../platform/start-platform.ts';
import { pause } from './sender.ts';

/** Something that is done to one process while data flows. */
export interface Fault {
  readonly part: string;
  /** `kill` = SIGKILL. `freeze` = stopped for longer than a lease lasts, then let go: a zombie. */
  readonly kind: 'kill' | 'freeze';
}

/** Every part once per round, and in each round one detector that is thought dead and comes back. */
export function faultsOfRound(round: number): Fault[] {
  const parts = [
    'gateway',
    'detector-proof-0',
    'event-hubs',
    'detector-proof-1',
    'retrainer-feedback',
    'postgres',
  ];
  return [
    ...parts.map((part) => ({ part, kind: 'kill' as const })),
    { part: `detector-proof-${round % 2}`, kind: 'freeze' },
  ];
}

/** Longer than a lease (10 s), so that somebody else takes over meanwhile. */
const frozenMs = 13_000;

/** Does one fault to a process of ours. Resolves with the process id once it is done. */
export async function inflict(platform: RunningPlatform, fault: Fault): Promise<number> {
  const pid = await platform.pidOf(fault.part);
  if (fault.kind === 'kill') {
    process.kill(pid, 'SIGKILL');
    return pid;
  }
  process.kill(pid, 'SIGSTOP');
  try {
    await pause(frozenMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return pid;
}
