import { isExplainedBy, rounding, type SignalEvidence, strengthOf } from './alarm-pattern.ts';

/** Kinds of alarming readings that are kept of one anomaly. */
export const mostKinds = 6;

/**
 * The kinds of readings in an anomaly after one more: a reading of a kind that is kept only makes that kind as strong
 * as itself, another one is a kind of its own while there is room. As long as there is, every reading is explained by
 * one of the kinds, however strong they grow.
 *
 * @returns `kinds` itself when nothing changes
 */
export function withReading(
  kinds: readonly SignalEvidence[],
  reading: SignalEvidence,
): readonly SignalEvidence[] {
  for (const [index, kind] of kinds.entries()) {
    if (!isExplainedBy(reading, kind)) continue;
    const times = strengthOf(reading, kind);
    if (times <= rounding) return kinds;
    const stronger = strengthened(kind, times);
    // Far beyond what was known the reading may go another way after all.
    if (isExplainedBy(reading, stronger)) return kinds.with(index, stronger);
  }
  return kinds.length < mostKinds ? [...kinds, reading] : kinds;
}

function strengthened(kind: SignalEvidence, times: number): SignalEvidence {
  return Object.fromEntries(Object.entries(kind).map(([signal, evidence]) => [signal, evidence * times]));
}
