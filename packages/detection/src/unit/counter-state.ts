import { Layout } from '../state/layout.ts';

// What is known of a signal as a counter; see counter-rate.ts.

const layout = new Layout();
/** Newest value. */
export const counted = layout.doubles();
/** From then to the newest reading of the unit, ms: readings may lack the signal. */
export const missingMs = layout.floats();
/** One of {@link Stage}, or between them. */
export const stage = layout.bytes(1);
export const counterWords = layout.words;

export const Stage = {
  /** Has not been seen yet; one more: seen, then one more with each reading in which it grew. */
  unseen: 0,
  /** Is a counter; one more with each fall that was no reset. */
  counter: 128,
  /** Has fallen, or grew seldom. */
  none: 255,
} as const;
