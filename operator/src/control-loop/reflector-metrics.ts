import { Counter, Gauge, type Registry } from '@verdict/process';

/** What one reflector tells of itself. */
export interface ReflectorMetrics {
  objects(count: number): void;
  listed(): void;
  watched(): void;
  /** A list or watch failed; `reason` as in KubeError. */
  failed(reason: string): void;
  /** The periodic relist found so many objects that the watch had told wrongly or not at all. */
  corrected(count: number): void;
}

const nothing = (): void => undefined;

export const noReflectorMetrics: ReflectorMetrics = {
  objects: nothing,
  listed: nothing,
  watched: nothing,
  failed: nothing,
  corrected: nothing,
};

/** The metrics of all reflectors of a process, by kind. */
export function createReflectorMetrics(registry: Registry): (kind: string) => ReflectorMetrics {
  const named = (name: string, help: string, labels: string[] = []) => ({
    name: `verdict_reflector_${name}`,
    help,
    labelNames: ['kind', ...labels],
    registers: [registry],
  });
  const objects = new Gauge(named('objects', 'Objects in the cache.'));
  const lists = new Counter(named('lists_total', 'Complete lists taken.'));
  const watches = new Counter(named('watches_total', 'Watches begun.'));
  const failures = new Counter(
    named('failures_total', 'Lists and watches that failed, by reason.', ['reason']),
  );
  const corrections = new Counter(
    named('corrections_total', 'Objects that a periodic relist found wrong in the cache.'),
  );
  return (kind) => {
    corrections.inc({ kind }, 0);
    return {
      objects: (count) => objects.set({ kind }, count),
      listed: () => lists.inc({ kind }),
      watched: () => watches.inc({ kind }),
      failed: (reason) => failures.inc({ kind, reason }),
      corrected: (count) => corrections.inc({ kind }, count),
    };
  };
}
