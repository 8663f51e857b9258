/** Labels of a sample: name → value. Dots of names stand as `_`; the metric's name is `__name__`. */
export type Labels = ReadonlyMap<string, string>;

/**
 * What a value means: `gauge`: as it is. `counter`: a total since `startMs` (null = not known) that only a restart
 * makes smaller. `increase`: what was added to a counter since `startMs`. null: the sender does not say.
 */
export type SampleKind = 'gauge' | 'counter' | 'increase' | null;

/** One value of one source at one time, in the words that all senders have in common. */
export interface Sample {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly value: number;
  readonly kind: SampleKind;
  readonly startMs: number | null;
  /** The source ended: it has no value, and what comes after it is something new. */
  readonly stale: boolean;
  /** Data points of the sender that it counts for: 1, or 0 where another sample came of the same point. */
  readonly points: 0 | 1;
}

/** Why a sample is no part of a reading though nothing is wrong with it. */
export type LeftOut =
  /** A metric or rule of the configuration says so. */
  | 'ignored'
  | 'dropped'
  /** The first sample of a counter: an increase needs two. */
  | 'first_of_counter'
  /** Not newer than the newest sample of its counter. */
  | 'repeated_counter'
  | 'stale'
  | 'not_a_number'
  /** Beyond what a 32-bit float holds, infinity included. */
  | 'out_of_range';

/** Why a sample is refused; the sender is told. */
export type Refused = 'ahead' | 'too_old' | 'unmatched' | 'bad_labels' | 'too_many_signals' | 'unsupported';

/** Name of a label as rules know it: a dot, or any other character that Prometheus does not take, is `_`. */
export function labelName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}
