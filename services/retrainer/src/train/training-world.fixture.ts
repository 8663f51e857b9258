import { AnomalyModelSpec, type Comparison, DetectorPoolSpec, type MissedReport } from '@verdict/contracts';
import { createLogger, systemClock } from '@verdict/process';
import type { HistoryRows, LabelledAnomaly } from '@verdict/storage';
import { InMemoryBlobs, InMemoryRegistry } from '../testing/in-memory-registry.fixture.ts';
import { historyOf, shopSignals } from '../testing/shop-history.fixture.ts';
import type { TrainingParts } from './run-training.ts';

/** What people said, in memory. */
export interface SaidOfHistory {
  anomalies?: readonly LabelledAnomaly[];
  missed?: readonly MissedReport[];
}

/**
 * A model with a pool, this history, these labels; `served`: versions of the pool's partitions. All three may be
 * changed between two trainings.
 */
export function trainingWorld(
  series: Record<string, HistoryRows>,
  said: SaidOfHistory = {},
  served: readonly (number | null)[] = [],
) {
  const memory = new InMemoryRegistry();
  const blobs = new InMemoryBlobs();
  const compared: Comparison[] = [];
  const spec = AnomalyModelSpec.parse({
    series: ['shop/**'],
    signals: shopSignals,
    window: 16,
    recurring: 'alarm',
  });
  memory.rows.push({ namespace: 'default', name: 'shop', spec });
  const life = new AbortController();
  const pool = {
    namespace: 'default',
    name: 'shop-pool',
    spec: DetectorPoolSpec.parse({ model: 'shop', consumerGroup: 'shop' }),
  };
  const partitions = () =>
    served.map((version, index) => ({
      partition: String(index),
      holder: null,
      epoch: 1,
      version,
      shadow: null,
      checkpoint: 0,
      readings: 0,
      duplicates: 0,
      address: null,
    }));
  const parts: TrainingParts = {
    registry: memory.registry,
    plans: { pools: async () => [pool], poolState: async () => ({ partitions: partitions(), members: [] }) },
    rollouts: {
      get: async () => ({ revision: 0, state: null, baseline: null, events: [], commands: [] }),
    },
    history: historyOf({ 'default/shop-pool': series }),
    series: {
      list: async () =>
        Object.entries(series).map(([key, rows]) => ({
          series: key,
          pool: 'default/shop-pool',
          partition: '0',
          signals: shopSignals,
          state: 'scored',
          readings: rows.times.length,
          firstMs: rows.times[0] ?? 0,
          lastMs: rows.times.at(-1) ?? 0,
          score: 0,
          openAnomaly: null,
        })),
    },
    labels: {
      anomalies: async ({ fromMs, toMs, limit }) =>
        (said.anomalies ?? []).filter((one) => one.startMs <= toMs && one.endMs >= fromMs).slice(0, limit),
      missed: async () => [...(said.missed ?? [])],
      verdicts: async ({ version }) =>
        (said.anomalies ?? []).some((one) => one.version === version && one.verdicts.length > 0)
          ? [{ sequence: 10 + version, atMs: 0 }]
          : [],
    },
    versions: {
      putComparison: async (_namespace, _model, comparison) => {
        compared.push(comparison);
      },
    },
    blobs: {
      put: (name, bytes) => blobs.put(name, bytes),
      get: (name) => blobs.get(name),
    },
    signer: null,
    trusted: null,
    clock: systemClock,
    logger: createLogger({ name: 'test', level: 'silent' }),
    signal: life.signal,
  };
  return { parts, memory, blobs, life, compared, pool };
}
