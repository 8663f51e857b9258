/**
 * What history keeps of what was said about a reading. Values and times are kept exactly; scores and bands are for
 * people's eyes, and their last digits would take most of the room: in steps that nobody can see in a chart they take
 * a byte together. Whatever is rounded here is rounded once, when a reading enters history, so that memory, fresh
 * chunks and day chunks all say the same. Each of these functions leaves alone what it has rounded.
 */

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** A score of [0, 1] to a 254th: half of it lies on a step, and rounding never crosses that border of alarms. */
export function keptScore(score: number): number {
  const step = Math.round(score * 254);
  return Math.fround((score > 0.5 ? Math.max(128, step) : Math.min(127, step)) / 254);
}

/** Half the width of a band, to a sixteenth: three bits behind the first one. */
export function keptBand(band: number): number {
  scratch[0] = band;
  const now = bits[0] ?? 0;
  const rounded = (now + (1 << 19)) & ~((1 << 20) - 1);
  // NaN, infinite, or so by rounding.
  if (((now >>> 23) & 255) === 255 || ((rounded >>> 23) & 255) === 255) return band;
  bits[0] = rounded;
  return scratch[0] ?? 0;
}

/** What was expected, to a sixteenth of half the band's width or finer; exact where there is no band. */
export function keptExpected(expected: number, band: number): number {
  scratch[0] = keptBand(band);
  const exponent = ((bits[0] ?? 0) >>> 23) & 255;
  if (!(band > 0) || exponent < 4 || exponent === 255) return expected;
  const step = 2 ** (exponent - 130);
  const rounded = Math.fround((Math.round(expected / step) + 0) * step);
  return Number.isFinite(rounded) ? rounded : expected;
}
