import { randomBytes } from 'node:crypto';
import type { AnomalyRecord, Stores } from '@verdict/storage';
import { shopWriter } from '@verdict/storage/testing';

/** Commits anomalies as the detector of a partition does. */
export interface AnomalyMaker {
  /** Commits new anomalies in one transaction; resolves with their ids when it is committed. */
  commit(count: number): Promise<string[]>;
}

/** Declares a pool and claims a partition of it. */
export async function anomalyMaker(stores: Stores): Promise<AnomalyMaker> {
  const writer = await shopWriter(stores);
  return {
    async commit(count) {
      const anomalies = Array.from({ length: count }, newAnomaly);
      await writer.commit({ anomalies });
      return anomalies.map(({ id }) => id);
    },
  };
}

/** As they are: three signals that took part, and what each was expected to be. */
function newAnomaly(): AnomalyRecord {
  const now = Date.now();
  return {
    id: randomBytes(12).toString('hex'),
    series: 'shop/cart',
    modelVersion: 0,
    state: 'open',
    startMs: now,
    endMs: now,
    peakMs: now,
    peakScore: 0.9123,
    signals: ['cpu', 'memory_bytes', 'latency_p99'].map((signal, index) => {
      return { signal, share: 1 / 3, value: 97.51 + index, expected: 41.25, band: 3.4 };
    }),
    patterns: [{ cpu: 4.2, memory_bytes: 2.1, latency_p99: 7.7 }],
    revision: 1,
    kind: 'opened',
  };
}
