import type { AnomalyRecord } from '@verdict/storage';
import { anomalyRecord } from '../batch/anomaly-record.ts';
import type { PartitionMemory } from '../state/partition-memory.ts';

/** Lets series go: what waits of them becomes history, what is open is closed, their state is dropped. */
export function releaseSeries(
  pool: string,
  memory: PartitionMemory,
  released: readonly string[],
): AnomalyRecord[] {
  if (released.length === 0) return [];
  const gone = new Set(released);
  const closed: AnomalyRecord[] = [];
  for (const { key, openAnomaly } of memory.engine.series()) {
    if (!gone.has(key) || openAnomaly === null) continue;
    const change = { ...openAnomaly, kind: 'closed', revision: openAnomaly.revision + 1 } as const;
    closed.push(anomalyRecord(pool, change));
  }
  for (const series of released) {
    memory.tails.cut(series);
    memory.engine.forget(series);
    memory.shadow?.forget(series);
    memory.ledger.forget(series);
  }
  return closed;
}
