import { z } from 'zod';
import { SeriesKey, SignalName } from './names.ts';

/** Limits of the front door. A batch beyond any of them is refused whole. */
export const readingLimits = {
  /** Readings in one POST. */
  readingsPerRequest: 10_000,
  /** Samples in one request of remote write or OTLP, which become fewer readings. */
  samplesPerRequest: 100_000,
  /** Signals in one reading. */
  signalsPerReading: 100,
  /** Bytes of one request body. */
  bodyBytes: 4 * 1024 * 1024,
  /** How far a reading may lie ahead of the gateway's clock, in milliseconds. */
  aheadMs: 5 * 60_000,
} as const;

/** Largest magnitude that a 32-bit float holds; values are kept as 32-bit floats. */
const largestFloat32 = 3.4028234663852886e38;

/** A time stamp: ISO 8601 with a zone, or milliseconds since 1970 (an integer). */
export const ReadingTime = z
  .union([z.iso.datetime({ offset: true }), z.int().nonnegative()])
  .transform((time) => (typeof time === 'number' ? time : Date.parse(time)))
  .meta({ description: 'ISO 8601 with a zone, or epoch milliseconds', example: '2026-11-22T16:00:00.000Z' });

/** One value: a finite number that a 32-bit float can hold (about 7 digits are kept), or null when missing. */
export const SignalValue = z
  .number()
  .min(-largestFloat32)
  .max(largestFloat32)
  .nullable()
  .meta({ description: 'A finite number, kept as a 32-bit float, or null when missing', example: 0.21 });

/** What `SignalValue` takes, at the speed that every reading needs. */
export function isSignalValue(value: unknown): value is number | null {
  return value === null || (typeof value === 'number' && Math.abs(value) <= largestFloat32);
}

/** One reading: a series, a time and one value per signal. */
export const Reading = z.strictObject({
  series: SeriesKey,
  time: ReadingTime,
  values: z
    .record(SignalName, SignalValue)
    .refine((values) => Object.keys(values).length > 0, 'at least one signal')
    .refine(
      (values) => Object.keys(values).length <= readingLimits.signalsPerReading,
      `at most ${readingLimits.signalsPerReading} signals`,
    )
    .meta({ minProperties: 1, maxProperties: readingLimits.signalsPerReading }),
});
/** A reading after validation; `time` is epoch milliseconds. */
export type Reading = z.output<typeof Reading>;
/** A reading as it may be written in JSON. */
export type ReadingInput = z.input<typeof Reading>;

/** Body of `POST /data`. */
export const DataRequest = z.strictObject({
  readings: z.array(Reading).min(1).max(readingLimits.readingsPerRequest),
});
export type DataRequest = z.output<typeof DataRequest>;

/** Answer of `POST /data`: the hub has all of these readings. */
export const DataAccepted = z.object({ accepted: z.int().nonnegative() });
export type DataAccepted = z.infer<typeof DataAccepted>;
