import { Counter, Gauge, type Registry } from '@verdict/process';
import type { LeftOut, Refused } from './sample.ts';

/** The doors beside `POST /data`. */
export type DoorName = 'remote_write' | 'otlp';

/**
 * What became of a sample: part of a reading, left out for a reason, refused for a reason; or something that came
 * along and is not read.
 */
export type SampleOutcome = 'taken' | LeftOut | Refused | 'native_histogram' | 'exemplar' | 'metadata';

/** What is counted at the doors beside `POST /data`. */
export interface DoorMetrics {
  samples(door: DoorName, outcome: SampleOutcome, count: number): void;
}

/** Registers the counters; `countersKnown` is read at each scrape. */
export function doorMetrics(registry: Registry, countersKnown: () => number): DoorMetrics {
  const samples = new Counter({
    name: 'verdict_gateway_door_samples_total',
    help: 'Samples that came by remote write or OTLP, by what became of them',
    labelNames: ['door', 'outcome'] as const,
    registers: [registry],
  });
  new Gauge({
    name: 'verdict_gateway_door_counters',
    help: 'Counters of senders whose last sample is remembered, to tell how much was added',
    registers: [registry],
    collect() {
      this.set(countersKnown());
    },
  });
  return {
    samples: (door, outcome, count) => {
      if (count > 0) samples.inc({ door, outcome }, count);
    },
  };
}
