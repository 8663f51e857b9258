import { setImmediate as othersDone } from 'node:timers/promises';

/**
 * Work of some seconds on the one thread, that others may interrupt wherever it yields: after each of many steps of some
 * microseconds, or after a long one.
 */
export type Sliced<T> = Generator<'step' | 'long step', T, undefined>;

/** Milliseconds since some fixed instant. */
interface MonotonicClock {
  monotonicMs(): number;
}
const machineClock: MonotonicClock = { monotonicMs: () => performance.now() };

/** After so long others are let go on. */
const sliceMs = 50;
/** Steps between two looks at the clock. */
const stepsPerLook = 100;

/** Does the work; after each slice of it heartbeats, answers and signals are heard. */
export async function inSlices<T>(work: Sliced<T>, clock: MonotonicClock = machineClock): Promise<T> {
  let sinceMs: number | null = null;
  for (let steps = 1; ; steps += 1) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (step.value === 'step') {
      if (steps % stepsPerLook !== 0) continue;
      const nowMs = clock.monotonicMs();
      sinceMs ??= nowMs;
      if (nowMs - sinceMs < sliceMs) continue;
    }
    await othersDone();
    sinceMs = null;
  }
}

/** Does the work in one piece. */
export function atOnce<T>(work: Sliced<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
