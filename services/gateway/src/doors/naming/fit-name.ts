import { createHash } from 'node:crypto';

const keyLength = 200;
const signalLength = 80;

/** Makes the value of a label fit for one segment of a key: what no key takes becomes `_`. */
export function fitSegment(value: string): string {
  return value.replace(/[^A-Za-z0-9._:-]/g, '_');
}

/** Makes a text a series key (see `SeriesKey`); null when there is nothing in it. One that is too long is shortened. */
export function fitSeriesKey(text: string): string | null {
  const segments = text.split('/').filter((segment) => segment !== '');
  if (segments.length === 0) return null;
  // URLs take `.` and `..` for steps of a path.
  const key = segments.map((segment) => (/^\.{1,2}$/.test(segment) ? `_${segment}` : segment)).join('/');
  return shortened(key, keyLength, '-');
}

/** Makes a text the name of a signal (see `SignalName`); null when there is nothing in it. */
export function fitSignalName(text: string): string | null {
  if (text === '') return null;
  const name = fitSegment(text);
  return shortened(/^[A-Za-z_]/.test(name) ? name : `_${name}`, signalLength, '.');
}

/** Cuts what is too long and appends a hash of the whole, so that two long texts stay two. */
function shortened(text: string, length: number, joint: string): string {
  if (text.length <= length) return text;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${text.slice(0, length - 9).replace(/[/.]+$/, '')}${joint}${hash}`;
}
