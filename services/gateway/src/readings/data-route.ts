import {
  DataAccepted,
  DataRequest,
  type ProblemError,
  quickDataRequest,
  SeriesKey,
} from '@verdict/contracts';
import { type Clock, defineRoute, HttpProblem, type Route } from '@verdict/process';
import { assertInScope } from '../auth/series-scope.ts';
import { checkTimes } from './check-times.ts';
import { doorTerms } from './door-terms.ts';
import type { InFlightBytes } from './in-flight-bytes.ts';
import type { ReadingIntake } from './reading-intake.ts';

/** What the front door needs. */
export interface DataRouteParts {
  readonly intake: ReadingIntake;
  readonly inFlight: InFlightBytes;
  readonly clock: Clock;
  readonly retentionMs: number;
}

/** `POST /data`: the front door for readings. */
export function dataRoute(parts: DataRouteParts): Route {
  const { intake, inFlight, clock, retentionMs } = parts;
  return defineRoute({
    method: 'post',
    path: '/data',
    ...doorTerms(inFlight),
    summary: 'Send readings',
    description:
      'Answered with 202 only when the hub has all readings. Repeating a request is harmless: a repeated reading ' +
      '(same series and time) is dropped. A batch with any bad reading is refused whole; its readings may stand in ' +
      'any order.',
    body: DataRequest,
    quickBody: quickDataRequest,
    response: DataAccepted,
    status: 202,
    onInvalid: ({ errors, body }) => noteInvalid(intake, errors, body),
    handler: async ({ body, caller }) => {
      const { readings } = body;
      assertInScope(
        caller,
        readings.map(({ series }) => series),
      );
      const bad = checkTimes(readings, clock.nowMs(), retentionMs);
      if (bad.length > 0) {
        for (const { index, reason, error } of bad) {
          const series = readings[index]?.series ?? null;
          intake.refuse({ reason, series, message: `time ${error.message}`, count: 1 });
        }
        throw new HttpProblem(400, {
          detail: `${bad[0]?.error.field}: ${bad[0]?.error.message}`,
          errors: bad.slice(0, 100).map(({ error }) => error),
        });
      }
      await intake.take(readings);
      return { accepted: readings.length };
    },
  });
}

/** Tells which series had bad readings, as far as their key can be read at all. */
function noteInvalid(intake: ReadingIntake, errors: readonly ProblemError[], body: unknown): void {
  const indexes = new Set<number>();
  for (const { field, message } of errors) {
    const index = Number(/^readings\[(\d+)\]/.exec(field)?.[1] ?? Number.NaN);
    if (Number.isNaN(index) || indexes.has(index)) continue;
    indexes.add(index);
    const key = SeriesKey.safeParse(keyAt(body, index));
    const series = key.success ? key.data : null;
    intake.refuse({ reason: 'invalid', series, message: `${field} ${message}`, count: 1 });
  }
  if (indexes.size === 0)
    intake.refuse({ reason: 'invalid', series: null, message: 'the batch is not valid', count: 1 });
}

function keyAt(body: unknown, index: number): unknown {
  const readings = (body as { readings?: unknown } | null)?.readings;
  const reading: unknown = Array.isArray(readings) ? readings[index] : undefined;
  return (reading as { series?: unknown } | null | undefined)?.series;
}
