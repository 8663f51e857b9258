import {
  DataAccepted,
  DataRequest,
  type ProblemError,
  quickDataRequest,
  type Reading,
  readingLimits,
  SeriesKey,
} from '@verdict/contracts';
import { type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import { checkTimes } from './check-times.ts';
import type { DataSender } from './data-sender.ts';
import type { DoorNotes } from './door-notes.ts';
import type { InFlightBytes } from './in-flight-bytes.ts';
import type { ReadingMetrics } from './reading-metrics.ts';

/** What the front door needs. */
export interface DataRouteParts {
  readonly sender: DataSender;
  readonly notes: DoorNotes;
  readonly inFlight: InFlightBytes;
  readonly metrics: ReadingMetrics;
  readonly clock: Clock;
  readonly retentionMs: number;
  /** Whether some model wants the series; null when that is not known now. */
  readonly isWanted: (series: string) => boolean | null;
}

/** `POST /data`: the front door for readings. */
export function dataRoute(parts: DataRouteParts): Route {
  const { sender, notes, inFlight, metrics, clock, retentionMs, isWanted } = parts;
  return defineRoute({
    method: 'post',
    path: '/data',
    tag: 'readings',
    summary: 'Send readings',
    description:
      'Answered with 202 only when the hub has all readings. Repeating a request is harmless: a repeated reading ' +
      '(same series and time) is dropped. A batch with any bad reading is refused whole; its readings may stand in ' +
      'any order.',
    roles: ['ingest', 'service'],
    body: DataRequest,
    quickBody: quickDataRequest,
    response: DataAccepted,
    status: 202,
    maxBodyBytes: readingLimits.bodyBytes,
    problems: {
      429: 'Too many bytes are under way; see Retry-After.',
      503: 'The hub cannot be reached; see Retry-After. Some readings may have been taken.',
    },
    admit: (bytes) => inFlight.take(bytes),
    onInvalid: ({ errors, body }) => noteInvalid(parts, errors, body),
    handler: async ({ body }) => {
      const { readings } = body;
      const bad = checkTimes(readings, clock.nowMs(), retentionMs);
      if (bad.length > 0) {
        for (const { index, reason, error } of bad) {
          metrics.refused(reason, 1);
          notes.note(
            readings[index]?.series ?? '',
            'refused',
            `its last readings were refused: time ${error.message}`,
          );
        }
        throw new HttpProblem(400, {
          detail: `${bad[0]?.error.field}: ${bad[0]?.error.message}`,
          errors: bad.slice(0, 100).map(({ error }) => error),
        });
      }
      await sender.send(readings);
      metrics.accepted(readings.length);
      for (const series of seriesOf(readings))
        if (isWanted(series) === false) notes.note(series, 'unassigned', 'no model is for this series');
      return { accepted: readings.length };
    },
  });
}

function seriesOf(readings: readonly Reading[]): Set<string> {
  const keys = new Set<string>();
  for (const { series } of readings) keys.add(series);
  return keys;
}

/** Notes which series had bad readings, as far as their key can be read at all. */
function noteInvalid(
  { metrics, notes }: DataRouteParts,
  errors: readonly ProblemError[],
  body: unknown,
): void {
  const indexes = new Set<number>();
  for (const { field, message } of errors) {
    const index = Number(/^readings\[(\d+)\]/.exec(field)?.[1] ?? Number.NaN);
    if (Number.isNaN(index) || indexes.has(index)) continue;
    indexes.add(index);
    const key = SeriesKey.safeParse(keyAt(body, index));
    if (key.success)
      notes.note(key.data, 'refused', `its last readings were refused: ${field} ${message}`.slice(0, 300));
  }
  metrics.refused('invalid', Math.max(1, indexes.size));
}

function keyAt(body: unknown, index: number): unknown {
  const readings = (body as { readings?: unknown } | null)?.readings;
  const reading: unknown = Array.isArray(readings) ? readings[index] : undefined;
  return (reading as { series?: unknown } | null | undefined)?.series;
}
