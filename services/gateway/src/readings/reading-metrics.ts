import { Counter, Gauge, Histogram, type Registry } from '@verdict/process';
import type { Refused } from '../doors/sample.ts';
import type { PublishWatch } from './partition-outlet.ts';

/** Why readings are refused at the door. */
export type RefusalReason = 'invalid' | Refused;

/** What is counted at the door. */
export interface ReadingMetrics extends Pick<PublishWatch, 'published'> {
  accepted(readings: number): void;
  refused(reason: RefusalReason, readings: number): void;
}

/** Registers the counters of all doors; `inFlightBytes` is read at each scrape. */
export function readingMetrics(registry: Registry, inFlightBytes: () => number): ReadingMetrics {
  const accepted = new Counter({
    name: 'verdict_gateway_readings_accepted_total',
    help: 'Readings that the hub has',
    registers: [registry],
  });
  const refused = new Counter({
    name: 'verdict_gateway_readings_refused_total',
    help: 'Bad readings in refused batches of POST /data, and samples refused at the other doors',
    labelNames: ['reason'] as const,
    registers: [registry],
  });
  new Gauge({
    name: 'verdict_gateway_in_flight_bytes',
    help: 'Bytes of bodies with readings under way',
    registers: [registry],
    collect() {
      this.set(inFlightBytes());
    },
  });
  const seconds = new Histogram({
    name: 'verdict_gateway_publish_seconds',
    help: 'Time to pack readings of one partition into events and have the hub take them',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const batch = new Histogram({
    name: 'verdict_gateway_publish_readings',
    help: 'Readings of one partition that left together',
    buckets: [1, 10, 100, 500, 1000, 5000, 10_000, 50_000],
    registers: [registry],
  });
  const events = new Counter({
    name: 'verdict_gateway_events_published_total',
    help: 'Events that the data hub took; a throughput unit takes 1,000 a second',
    registers: [registry],
  });
  return {
    published(sent) {
      seconds.observe(sent.seconds);
      batch.observe(sent.readings);
      events.inc(sent.events);
    },
    accepted: (readings) => accepted.inc(readings),
    refused: (reason, readings) => refused.inc({ reason }, readings),
  };
}
