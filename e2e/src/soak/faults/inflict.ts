import type { Journal } from '../journal.ts';
import type { RunningProcess } from '../parts/running-process.ts';
import type { SoakPlatform } from '../parts/soak-platform.ts';
import { pause } from '../pause.ts';
import { callFalseAlarms, changeVersions, type FalseAlarms } from '../swaps.ts';
import { type Fault, nameOf } from './fault.ts';
import { frozenMs } from './fault-plan.ts';

/** What faults are done to, and with. */
export interface Target {
  readonly platform: SoakPlatform;
  readonly journal: Journal;
  readonly falseAlarms: FalseAlarms;
  /** Ends waits; what was stopped is let go. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Heard of each signal as it is sent. */
  readonly onSignal: (sent: { part: string; pid: number; signal: string; atMs: number }) => void;
}

/** How long a detector is waited for to be where it is to be met. */
const meetMs = 4000;
/** How long a process is waited for to be back. */
const backMs = 60_000;
/** A zombie that was let go is about to commit: its other work comes first, such as hearing that it lost its lease. */
const wakeMs = 300;

/** Does one fault, and undoes what is only for a while. */
export async function inflict(target: Target, fault: Fault): Promise<void> {
  target.say(nameOf(fault));
  const { platform } = target;
  switch (fault.kind) {
    case 'signal':
      return fault.part === 'postgres' ? signalDatabase(target, fault) : signalProcess(target, fault);
    case 'errors':
      for (const part of fault.parts) processOf(platform, part).send(fault);
      return pause(fault.forMs, target.signal);
    case 'clock': {
      const one = processOf(platform, fault.part);
      const { wallMs, monotonicMs } = fault;
      one.send({ kind: 'clock', wallMs, monotonicMs });
      await pause(fault.forMs, target.signal);
      // What is monotonic never goes back.
      return one.send({ kind: 'clock', wallMs: 0, monotonicMs: 0 });
    }
    case 'rebalance': {
      const one = platform.newDetector(platform.detectors.length);
      try {
        await one.start();
        await pause(fault.forMs, target.signal);
      } finally {
        await one.stop();
      }
      return;
    }
    case 'versions':
      return changeVersions(platform, fault.draws, target.signal);
    case 'memory':
      return callFalseAlarms(target.falseAlarms, fault.withdraw, target.signal);
  }
}

async function signalProcess(target: Target, fault: Extract<Fault, { kind: 'signal' }>): Promise<void> {
  const { platform, journal, signal } = target;
  const one = processOf(platform, fault.part);
  const pid = one.pid;
  // It is being started again just now: its turn comes in the next round.
  if (pid === null) return;
  if (fault.atCommit) {
    journal.held.delete(pid);
    one.send({ kind: 'hold' });
    const deadline = performance.now() + meetMs;
    while (!journal.held.has(pid) && performance.now() < deadline && !signal.aborted) await pause(20, signal);
  }
  target.onSignal({ part: one.name, pid, signal: fault.signal, atMs: Date.now() });
  one.signal(fault.signal);
  if (fault.signal !== 'SIGSTOP') {
    // Detectors may die in a row. Without the others nothing flows, and nothing more could be put to the test.
    if (!platform.detectors.includes(one)) await backUp(() => one.isBackAfter(pid), signal);
    return;
  }
  try {
    await pause(frozenMs, signal);
  } finally {
    one.signal('SIGCONT');
    await pause(wakeMs, signal);
    one.send({ kind: 'release' });
  }
}

async function signalDatabase(target: Target, fault: Extract<Fault, { kind: 'signal' }>): Promise<void> {
  const { database } = target.platform;
  const { pid } = database;
  target.onSignal({ part: database.name, pid, signal: fault.signal, atMs: Date.now() });
  await database.signal(fault.signal);
  if (fault.signal !== 'SIGSTOP') return backUp(() => database.pid !== pid, target.signal);
  try {
    await pause(frozenMs, target.signal);
  } finally {
    await database.signal('SIGCONT');
  }
}

/** Waits until it is so, for a bounded time. */
async function backUp(isBack: () => boolean, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + backMs;
  while (!isBack() && performance.now() < deadline && !signal.aborted) await pause(50, signal);
}

function processOf(platform: SoakPlatform, name: string): RunningProcess {
  const found = platform.processes.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no process ${name}`);
  return found;
}
