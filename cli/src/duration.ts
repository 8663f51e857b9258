import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration such as `500ms`, `1s`, `4m`, `1.5h` or `14d`; null when it is none. */
export function parseDurationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Number(match[1]) * unit;
}

/** Option parser: a duration in milliseconds. */
export function durationOption(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) throw new InvalidArgumentError('Give a duration such as 500ms, 1s, 4m, 6h or 2d.');
  return durationMs;
}

/** Option parser: a whole number from `least` to `most`. */
export function integerOption(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || value > most || text.trim() === '') {
      const range = most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Give a whole number ${range}.`);
    }
    return value;
  };
}

/**
 * Option parser: an instant, as ISO 8601 (with a zone, else UTC), epoch milliseconds, or how long ago (`30m`).
 * Gives epoch milliseconds.
 */
export function instantOption(nowMs: () => number): (text: string) => number {
  return (text) => {
    const agoMs = parseDurationMs(text);
    if (agoMs !== null) return nowMs() - agoMs;
    const zoned = /(?:z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`;
    const instant = /^\d{12,}$/.test(text) ? Number(text) : Date.parse(zoned);
    if (Number.isNaN(instant))
      throw new InvalidArgumentError(
        'Give a time such as 2026-11-22T16:00:00Z, or how long ago, such as 30m.',
      );
    return instant;
  };
}
