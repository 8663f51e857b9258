import type { Judgement } from '@verdict/contracts';

/** A person's current answer on an anomaly; withdrawn ones are no longer among them. */
export interface CurrentAnswer {
  readonly person: string;
  readonly verdict: 'true' | 'false';
}

/** Share of the people who hold an anomaly for a real one, 0 to 1; null when nobody has judged it. */
export function judgedShare(verdicts: readonly CurrentAnswer[]): number | null {
  if (verdicts.length === 0) return null;
  return verdicts.filter(({ verdict }) => verdict === 'true').length / verdicts.length;
}

/** What most people say of an anomaly; `undecided` when as many say one thing as the other. */
export function judgementOf(verdicts: readonly CurrentAnswer[]): Judgement {
  const share = judgedShare(verdicts);
  if (share === null) return 'unjudged';
  if (share === 0.5) return 'undecided';
  return share > 0.5 ? 'confirmed' : 'false-alarm';
}
