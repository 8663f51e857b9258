import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';
import type { CompactionMetrics } from './history-compactor.ts';

/** `verdict_history_*` in the registry. */
export function compactionMetrics(registry: Registry): CompactionMetrics {
  const registers = [registry];
  const waiting = new Gauge({
    name: 'verdict_history_waiting_days',
    help: 'Finished days with chunks that wait to be compacted, as the process that compacts saw it last.',
    registers,
  });
  const readings = new Counter({
    name: 'verdict_history_compacted_readings_total',
    help: 'Readings packed into day chunks; those of a day that late ones were merged into count again.',
    registers,
  });
  const chunks = new Counter({
    name: 'verdict_history_compacted_chunks_total',
    help: 'Fresh chunks that went into day chunks.',
    registers,
  });
  const bytes = new Counter({
    name: 'verdict_history_compacted_bytes_total',
    help: 'Bytes of chunks before and after they were compacted.',
    labelNames: ['when'],
    registers,
  });
  const unreadable = new Counter({
    name: 'verdict_history_unreadable_total',
    help: 'Days of series that were not compacted because a chunk is damaged, at each look again.',
    registers,
  });
  const step = new Histogram({
    name: 'verdict_history_compaction_seconds',
    help: 'Seconds that a step of compaction takes: one transaction, at most 64 series of a day.',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers,
  });
  return {
    waiting: (days) => waiting.set(days),
    packed: (done, seconds) => {
      readings.inc(done.readings);
      chunks.inc(done.chunks);
      bytes.inc({ when: 'before' }, done.bytesBefore);
      bytes.inc({ when: 'after' }, done.bytesAfter);
      unreadable.inc(done.unreadable);
      step.observe(seconds);
    },
  };
}
