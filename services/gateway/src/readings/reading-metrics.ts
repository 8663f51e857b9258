import { Counter, Gauge, type Registry } from '@verdict/process';
import type { Refused } from '../doors/sample.ts';

/** Why readings are refused at the door. */
export type RefusalReason = 'invalid' | Refused;

/** What is counted at the door. */
export interface ReadingMetrics {
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
  return {
    accepted: (readings) => accepted.inc(readings),
    refused: (reason, readings) => refused.inc({ reason }, readings),
  };
}
