import { isSeriesKey, isSignalName } from './names.ts';
import { type DataRequest, isSignalValue, type Reading, readingLimits } from './reading.ts';

/**
 * The `DataRequest` that a JSON value is, found many times sooner than by the schema; null = ask the schema, which takes
 * it after all (times as text, for example) or says what is wrong. What is returned is what the schema gives; it shares
 * its parts with the value. A property test holds the two together.
 */
export function quickDataRequest(value: unknown): DataRequest | null {
  if (!isPlain(value)) return null;
  let readings: unknown = null;
  for (const name in value) {
    if (name !== 'readings') return null;
    readings = value[name];
  }
  if (!Array.isArray(readings)) return null;
  const { length } = readings;
  if (length < 1 || length > readingLimits.readingsPerRequest) return null;
  for (let at = 0; at < length; at += 1) if (!isReading(readings[at])) return null;
  return { readings };
}

function isReading(value: unknown): value is Reading {
  if (!isPlain(value)) return false;
  let fields = 0;
  for (const name in value) {
    if (name !== 'series' && name !== 'time' && name !== 'values') return false;
    fields += 1;
  }
  if (fields !== 3) return false;
  const { series, time, values } = value;
  if (typeof series !== 'string' || !isSeriesKey(series)) return false;
  if (typeof time !== 'number' || !Number.isSafeInteger(time) || time < 0) return false;
  if (!isPlain(values)) return false;
  let signals = 0;
  for (const name in values) {
    // The schema drops this name without a word; whoever parses JSON refuses it.
    if (name === '__proto__' || !isSignalName(name) || !isSignalValue(values[name])) return false;
    signals += 1;
  }
  return signals >= 1 && signals <= readingLimits.signalsPerReading;
}

/** An object as `JSON.parse` makes them. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
