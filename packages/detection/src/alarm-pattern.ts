/**
 * Signed evidence per signal of an alarming reading: its error over its own border (1 = at the border), with the sign
 * of value − expected. Signals that are not named have none.
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

/** So many times as strong as it was known, a pattern is still the same. */
const mostTimes = 1.25;
/** Part of the known pattern's strongest signal by which any signal may differ. */
const looseness = 0.2;

/**
 * Whether a reading is odd only in a way that is known: taking the known pattern away, at most 1.25 times as strong
 * as it was, leaves nothing in any signal that would alarm by itself (1, and a fifth of the pattern's strongest
 * signal, for no two alarms are quite alike).
 */
export function isExplainedBy(reading: SignalEvidence, known: SignalEvidence): boolean {
  let product = 0;
  let square = 0;
  let strongest = 0;
  for (const [signal, evidence] of Object.entries(known)) {
    product += evidence * (reading[signal] ?? 0);
    square += evidence * evidence;
    strongest = Math.max(strongest, Math.abs(evidence));
  }
  const times = square > 0 ? Math.max(0, Math.min(mostTimes, product / square)) : 0;
  const allowed = 1 + looseness * times * strongest;
  const left = (signal: string) => Math.abs((reading[signal] ?? 0) - times * (known[signal] ?? 0));
  return [...Object.keys(reading), ...Object.keys(known)].every((signal) => left(signal) <= allowed);
}
