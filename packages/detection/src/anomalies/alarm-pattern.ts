/**
 * Signed evidence per signal of an alarming reading: its error over its own border (1 = at the border), with the sign
 * of value − expected; + where the two are the same, or nothing was expected. Signals that are not named have none.
 */
export type SignalEvidence = Readonly<Record<string, number>>;

/** An alarm's like on one series that is to stay quiet, up to an event time (epoch ms, included). */
export interface QuietPattern {
  readonly pattern: SignalEvidence;
  readonly untilMs: number;
}

/** False-alarm memory: what is to stay quiet, by series. */
export type FalseAlarmMemory = ReadonlyMap<string, readonly QuietPattern[]>;

/** An alarm's like that a version was taught to hold for normal; `series` null = on every series. */
export interface TaughtPattern {
  readonly series: string | null;
  readonly pattern: SignalEvidence;
}

/** How far a reading may be from a known pattern and still be its like. */
export interface Likeness {
  /** So many times as strong as it was known, the pattern is still the same. */
  readonly mostTimes: number;
  /** Part of the known pattern's strongest signal by which any signal may differ. */
  readonly looseness: number;
}

/** For what one answer said: it holds for little more than what was shown. */
export const likeRemembered: Likeness = { mostTimes: 1.25, looseness: 0.2 };
/** For what a version was taught: many answers stand behind it, and it was weighed against what is real. */
export const likeTaught: Likeness = { mostTimes: 1.5, looseness: 0.5 };

/** Cosine of the angle between two alarms that are alike: else a strong pattern would explain any weak alarm. */
const sameDirection = 0.8;

/** Signals with less than this part of the squared norm are not named in a pattern. */
const notablePart = 0.02;
/** Room for rounding at the very border. */
export const rounding = 1 + 1e-9;

/** The signals that carry a notable part of an alarm, in order of their names. */
export function alarmPattern(
  evidence: Iterable<readonly [signal: string, evidence: number]>,
): SignalEvidence {
  const parts = [...evidence];
  const square = parts.reduce((sum, [, part]) => sum + part * part, 0);
  const notable = parts.filter(([, part]) => part !== 0 && part * part >= notablePart * square);
  return Object.fromEntries(notable.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/**
 * Whether a reading is odd only in a way that is known: it goes about the same way, and taking the known pattern away,
 * at most 1.25 times as strong as it was, leaves nothing in any signal that would alarm by itself (1, and a fifth of
 * the pattern's strongest signal, for no two alarms are quite alike). What was taught is known more widely.
 */
export function isExplainedBy(
  reading: SignalEvidence,
  known: SignalEvidence,
  { mostTimes, looseness }: Likeness = likeRemembered,
): boolean {
  const strength = strengthOf(reading, known);
  if (strength * norm(known) < (sameDirection * norm(reading)) / rounding) return false;
  const times = Math.max(0, Math.min(mostTimes, strength));
  const strongest = Object.values(known).reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  const allowed = (1 + looseness * times * strongest) * rounding;
  const left = (signal: string) => Math.abs(partOf(reading, signal) - times * partOf(known, signal));
  return [...Object.keys(reading), ...Object.keys(known)].every((signal) => left(signal) <= allowed);
}

/**
 * How many times as strong as the known pattern a reading is along it, by least squares: below 0 when it goes the
 * other way, 0 for a pattern without signals.
 */
export function strengthOf(reading: SignalEvidence, known: SignalEvidence): number {
  let product = 0;
  let square = 0;
  for (const [signal, evidence] of Object.entries(known)) {
    product += evidence * partOf(reading, signal);
    square += evidence * evidence;
  }
  return square > 0 ? product / square : 0;
}

function norm(pattern: SignalEvidence): number {
  return Math.hypot(...Object.values(pattern));
}

/** A signal may have the name of something that every object has. */
function partOf(pattern: SignalEvidence, signal: string): number {
  return Object.hasOwn(pattern, signal) ? (pattern[signal] ?? 0) : 0;
}
