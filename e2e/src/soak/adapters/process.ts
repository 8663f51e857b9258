import {
  type Clock,
  type ProcessContext,
  RecentMap as RealRecentMap,
  runProcess as runReal,
} from '@verdict/process';
import { link } from './link.ts';

export * from '@verdict/process';

/**
 * How much slower time goes for the undisturbed detector: a shadow that the run with faults kept must not be let go here
 * because the machine has much else to do. It holds its leases alone.
 */
const slowness = link.gated ? 50 : 1;
/** What is longer is patience; what is not, such as the time between two heartbeats, others wait for. */
const longestPaceMs = 2000;

/** The clock of this machine, as far ahead of it as the soak says; a wall clock tells whole milliseconds. */
function jumping(clock: Clock): Clock {
  return {
    nowMs: () => Math.trunc(clock.nowMs() + link.clock.wallMs),
    monotonicMs: () => clock.monotonicMs() / slowness + link.clock.monotonicMs,
    sleep: (ms, signal) => clock.sleep(ms > longestPaceMs ? ms * slowness : ms, signal),
  };
}

/** As the real one; where changes are to be told twice it remembers nothing, or the gateway would know that it has told them. */
export class RecentMap<K, V> extends RealRecentMap<K, V> {
  override get(key: K): V | undefined {
    return link.broken === 'double-send' ? undefined : super.get(key);
  }
}

/** As the real one, with a clock that jumps. */
export function runProcess(
  name: string,
  start: (context: ProcessContext) => Promise<() => Promise<void>>,
  options?: Parameters<typeof runReal>[2],
): void {
  runReal(name, (context) => start({ ...context, clock: jumping(context.clock) }), options);
}
