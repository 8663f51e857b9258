import { Gauge, type Registry } from '@verdict/process';
import { nameOf, type ObjectKey } from '../../kube/kube-object.ts';
import { lagMetric } from '../../resources/pool-autoscaler.ts';

/** The exact numbers of which statuses tell rounded ones. */
export interface PoolFigures {
  /** Events that wait; null = unknown. */
  readonly lagEvents: number | null;
  readonly detectorsReady: number;
  readonly detectorsWanted: number;
  readonly partitionsUnserved: number;
  /** Whether a candidate is on its way. */
  readonly rollingOut: boolean;
}

export interface PoolMetrics {
  told(pool: ObjectKey, figures: PoolFigures): void;
  /** The pool is gone. */
  gone(pool: ObjectKey): void;
}

export const noPoolMetrics: PoolMetrics = { told: () => undefined, gone: () => undefined };

/** Gauges by pool, with the labels `pool_namespace` and `pool`. */
export function createPoolMetrics(registry: Registry): PoolMetrics {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['pool_namespace', 'pool'], registers: [registry] });
  const gauges = {
    lagEvents: gauge(lagMetric, 'Events of the hub that wait for the detectors of a pool.'),
    detectorsReady: gauge('verdict_pool_detectors_ready', 'Detectors of a pool that are ready.'),
    detectorsWanted: gauge(
      'verdict_pool_detectors_wanted',
      'Detectors that a pool is to have, over all versions.',
    ),
    partitionsUnserved: gauge('verdict_pool_partitions_unserved', 'Partitions that no detector holds.'),
    rollingOut: gauge('verdict_pool_rolling_out', '1 while a candidate is on its way, else 0.'),
  };
  const labels = (key: ObjectKey) => {
    const { namespace = '', name } = nameOf(key);
    return { pool_namespace: namespace, pool: name };
  };
  return {
    told(pool, figures) {
      const own = labels(pool);
      if (figures.lagEvents === null) gauges.lagEvents.remove(own);
      else gauges.lagEvents.set(own, figures.lagEvents);
      gauges.detectorsReady.set(own, figures.detectorsReady);
      gauges.detectorsWanted.set(own, figures.detectorsWanted);
      gauges.partitionsUnserved.set(own, figures.partitionsUnserved);
      gauges.rollingOut.set(own, figures.rollingOut ? 1 : 0);
    },
    gone(pool) {
      for (const one of Object.values(gauges)) one.remove(labels(pool));
    },
  };
}
