import type { DoorRules } from '@verdict/contracts';
import { type Clock, noTracing, type Registry, type Route, type Tracing } from '@verdict/process';
import type { EventSink } from '@verdict/streams';
import { dataRoute } from '../readings/data-route.ts';
import { dataSender } from '../readings/data-sender.ts';
import type { DoorNotes } from '../readings/door-notes.ts';
import { InFlightBytes } from '../readings/in-flight-bytes.ts';
import { readingIntake } from '../readings/reading-intake.ts';
import { readingMetrics } from '../readings/reading-metrics.ts';
import { CounterMemory } from './counter-memory.ts';
import { doorMetrics } from './door-metrics.ts';
import { otlpRoute } from './otlp/otlp-route.ts';
import { remoteWriteRoute } from './remote-write/remote-write-route.ts';
import { sampleIntake } from './sample-intake.ts';

/** What all doors for readings stand on. */
export interface ReadingDoorParts {
  readonly sink: EventSink;
  readonly notes: DoorNotes;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly tracing?: Tracing | undefined;
  /** Whether some model wants the series; null when that is not known now. */
  readonly isWanted: (series: string) => boolean | null;
  readonly settings: {
    readonly retentionMs: number;
    readonly maxInFlightBytes: number;
    readonly doorRules: DoorRules;
  };
}

/** The three doors for readings: JSON, Prometheus remote write, OTLP. They share room, limits, counters and notes. */
export function readingDoors(parts: ReadingDoorParts): Route[] {
  const { sink, notes, registry, clock, tracing = noTracing, isWanted, settings } = parts;
  const { retentionMs, doorRules: rules } = settings;
  const inFlight = new InFlightBytes(settings.maxInFlightBytes);
  const counted = readingMetrics(registry, () => inFlight.taken);
  const sender = dataSender(sink, { tracing, published: counted.published });
  const intake = readingIntake({ sender, notes, metrics: counted, isWanted });
  const memory = new CounterMemory(rules.counters);
  const metrics = doorMetrics(registry, () => memory.size);
  const samples = sampleIntake({ rules, intake, memory, metrics, clock, retentionMs });
  return [
    dataRoute({ intake, inFlight, clock, retentionMs }),
    remoteWriteRoute({ samples, inFlight, metrics }),
    otlpRoute({ samples, inFlight, metrics }),
  ];
}
