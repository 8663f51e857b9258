/** Numbers from here on are milliseconds since 1970 (1973 and later), smaller ones seconds. */
const leastMilliseconds = 1e11;

const dateTime =
  /^(\d{4}([-/])\d{2}\2\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Epoch milliseconds of a CSV time stamp: ISO 8601, `YYYY-MM-DD HH:MM:SS` (UTC where no zone is given; slashes may
 * part year, month and day), or seconds or milliseconds since 1970. Null when it is none of them.
 */
export function parseRowTime(text: string): number | null {
  const trimmed = text.trim();
  if (/^\d+(\.\d+)?$/.test(trimmed)) {
    const number = Number(trimmed);
    const ms = Math.round(number >= leastMilliseconds ? number : number * 1000);
    return ms <= 8.64e15 ? ms : null;
  }
  const match = dateTime.exec(trimmed);
  if (match === null) return null;
  const [, day = '', , time = '00:00', zone = 'Z'] = match;
  const date = day.replaceAll('/', '-');
  const ms = Date.parse(`${date}T${time.replace(',', '.')}${zone.toUpperCase()}`);
  // A day that does not exist (February 30) would silently become another one.
  if (Number.isNaN(ms) || new Date(`${date}T00:00Z`).toISOString().slice(0, 10) !== date) return null;
  return ms;
}
