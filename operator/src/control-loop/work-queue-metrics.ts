import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';

/** What one work queue tells of itself. Times in seconds. */
export interface QueueMetrics {
  depth(keys: number): void;
  added(): void;
  retried(): void;
  /** From coming in line to being taken. */
  waited(seconds: number): void;
  /** From being taken to being done. */
  worked(seconds: number): void;
  /** Asked whenever the metrics are read. */
  observe(read: () => { readonly unfinished: number; readonly longest: number }): void;
}

const nothing = (): void => undefined;

export const noQueueMetrics: QueueMetrics = {
  depth: nothing,
  added: nothing,
  retried: nothing,
  waited: nothing,
  worked: nothing,
  observe: nothing,
};

/** client-go's are powers of ten from 10 ns; what a process here can tell apart begins at 10 µs. */
const seconds = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/** The metrics of all queues of a process, with controller-runtime's names and labels; one queue per controller. */
export function createQueueMetrics(registry: Registry): (controller: string) => QueueMetrics {
  const common = { labelNames: ['name', 'controller'], registers: [registry] };
  const named = (name: string, help: string) => ({ name: `workqueue_${name}`, help, ...common });
  const depth = new Gauge(named('depth', 'Keys in line.'));
  const adds = new Counter(named('adds_total', 'Keys added.'));
  const retries = new Counter(named('retries_total', 'Keys added again after a failure.'));
  const waited = new Histogram({
    ...named('queue_duration_seconds', 'How long keys wait in line.'),
    buckets: seconds,
  });
  const worked = new Histogram({
    ...named('work_duration_seconds', 'How long keys are worked on.'),
    buckets: seconds,
  });
  const readers: [string, Parameters<QueueMetrics['observe']>[0]][] = [];
  const labels = (controller: string) => ({ name: controller, controller });
  new Gauge({
    ...named('unfinished_work_seconds', 'Seconds of work that is under way, over all workers.'),
    collect() {
      for (const [controller, read] of readers) this.set(labels(controller), read().unfinished);
    },
  });
  new Gauge({
    ...named(
      'longest_running_processor_seconds',
      'Seconds that the longest piece of work has been under way.',
    ),
    collect() {
      for (const [controller, read] of readers) this.set(labels(controller), read().longest);
    },
  });
  return (controller) => {
    const own = labels(controller);
    depth.set(own, 0);
    adds.inc(own, 0);
    retries.inc(own, 0);
    return {
      depth: (keys) => depth.set(own, keys),
      added: () => adds.inc(own),
      retried: () => retries.inc(own),
      waited: (time) => waited.observe(own, time),
      worked: (time) => worked.observe(own, time),
      observe: (read) => readers.push([controller, read]),
    };
  };
}
