import { z } from 'zod';

const seriesKeyPattern = /^(?!(?:.*\/)?\.{1,2}(?:\/|$))[A-Za-z0-9._:-]+(\/[A-Za-z0-9._:-]+)*$/;

/**
 * Key of a series: 1 to 200 characters, segments of letters, digits, `.`, `_`, `-`, `:` separated by single
 * slashes, such as `shop/cart`. No segment is `.` or `..`: URLs take these for steps of a path. The key decides the partition, so it never changes for one thing.
 */
export const SeriesKey = z
  .string()
  .min(1)
  .max(200)
  .regex(
    seriesKeyPattern,
    'letters, digits, ". _ : -" in segments separated by single slashes, none of them "." or ".."',
  )
  .meta({ description: 'Key of a series, such as shop/cart', example: 'shop/cart' });

const slash = 1;
const dot = 2;
const other = 3;
/** What a character of ASCII is in the key of a series: 0 = none of them. */
const keyCharacters = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (character === '/') return slash;
  if (character === '.') return dot;
  return /[A-Za-z0-9_:-]/.test(character) ? other : 0;
});

/** What `SeriesKey` takes, at the speed that every reading needs: neither a pattern nor a memory of keys is as quick. */
export function isSeriesKey(text: string): boolean {
  const { length } = text;
  if (length > 200) return false;
  let inSegment = 0;
  let dots = 0;
  for (let at = 0; at < length; at += 1) {
    const kind = keyCharacters[text.charCodeAt(at)] ?? 0;
    if (kind === 0) return false;
    if (kind === slash) {
      if (!isSegment(inSegment, dots)) return false;
      inSegment = 0;
      dots = 0;
    } else {
      inSegment += 1;
      if (kind === dot) dots += 1;
    }
  }
  return isSegment(inSegment, dots);
}

/** Neither empty nor "." nor "..". */
function isSegment(length: number, dots: number): boolean {
  return length > 2 || (length > 0 && dots < length);
}

const signalNamePattern = /^[A-Za-z_][A-Za-z0-9._:-]*$/;

/** Name of a signal: 1 to 80 characters, letters, digits, `.`, `_`, `:`, `-`, starting with a letter or `_`. */
export const SignalName = z
  .string()
  .min(1)
  .max(80)
  .regex(signalNamePattern, 'starts with a letter or "_", then letters, digits, ". _ : -"')
  .meta({ description: 'Name of a signal', example: 'latency_p99' });

/** What `SignalName` takes, at the speed that every reading needs. */
export function isSignalName(text: string): boolean {
  return text.length >= 1 && text.length <= 80 && signalNamePattern.test(text);
}

/** Name of a resource (model, pool, namespace): a DNS label, as Kubernetes asks for. */
export const ResourceName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'lower-case letters, digits and "-", as a DNS label')
  .meta({ description: 'Name of a resource, a DNS label', example: 'shop' });

/** Instant as ISO 8601 in UTC with milliseconds, the form in which every response gives times. */
export const IsoTime = z.iso.datetime({ offset: true }).meta({ example: '2026-11-22T16:00:00.000Z' });
