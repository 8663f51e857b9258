import { type Clock, type ProcessContext, runProcess as runReal } from '@verdict/process';
import { link } from './link.ts';

export * from '@verdict/process';

/** The clock of this machine, as far ahead of it as the soak says. */
function jumping(clock: Clock): Clock {
  return {
    nowMs: () => clock.nowMs() + link.clock.wallMs,
    monotonicMs: () => clock.monotonicMs() + link.clock.monotonicMs,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}

/** As the real one, with a clock that jumps. */
export function runProcess(
  name: string,
  start: (context: ProcessContext) => Promise<() => Promise<void>>,
  options?: Parameters<typeof runReal>[2],
): void {
  runReal(name, (context) => start({ ...context, clock: jumping(context.clock) }), options);
}
