import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';
import type { Outcome } from './outcome.ts';

/** What one controller tells of its reconciles. */
export interface ControllerMetrics {
  workers(most: number): void;
  began(): void;
  /** `thrown`: it failed and is tried again. */
  ended(how: Outcome['kind'] | 'thrown', seconds: number): void;
}

const nothing = (): void => undefined;

export const noControllerMetrics: ControllerMetrics = { workers: nothing, began: nothing, ended: nothing };

/** controller-runtime's buckets, thinned out: from 5 ms to a minute. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60];

/** Our outcomes in controller-runtime's words; what is stalled is its terminal error. */
const results = { settled: 'success', again: 'requeue_after', stalled: 'error', thrown: 'error' } as const;

/** The metrics of all controllers of a process, with controller-runtime's names, labels and results. */
export function createControllerMetrics(registry: Registry): (controller: string) => ControllerMetrics {
  const named = (name: string, help: string, labels: string[] = []) => ({
    name: `controller_runtime_${name}`,
    help,
    labelNames: ['controller', ...labels],
    registers: [registry],
  });
  const total = new Counter(named('reconcile_total', 'Reconciles by result.', ['result']));
  const errors = new Counter(named('reconcile_errors_total', 'Reconciles that failed.'));
  const terminal = new Counter(
    named(
      'terminal_reconcile_errors_total',
      'Reconciles that found that only a change from outside can help.',
    ),
  );
  const time = new Histogram({
    ...named('reconcile_time_seconds', 'How long reconciles take.'),
    buckets: seconds,
  });
  const most = new Gauge(named('max_concurrent_reconciles', 'Workers.'));
  const active = new Gauge(named('active_workers', 'Workers at work.'));
  return (controller) => {
    for (const result of ['success', 'requeue_after', 'error']) total.inc({ controller, result }, 0);
    errors.inc({ controller }, 0);
    terminal.inc({ controller }, 0);
    active.set({ controller }, 0);
    return {
      workers: (count) => most.set({ controller }, count),
      began: () => active.inc({ controller }),
      ended: (how, took) => {
        active.dec({ controller });
        time.observe({ controller }, took);
        total.inc({ controller, result: results[how] });
        if (results[how] === 'error') errors.inc({ controller });
        if (how === 'stalled') terminal.inc({ controller });
      },
    };
  };
}
