import type { CurrentAnswer } from './judged-share.ts';

/** A judged anomaly with its weight, at least 0. */
export interface WeighedAnswers {
  readonly weight: number;
  readonly verdicts: readonly CurrentAnswer[];
}

/** Weights of what people hold for real and for false. */
export interface WeighedShares {
  readonly tp: number;
  readonly fp: number;
}

/**
 * Sums people's answers. Those on one anomaly share its weight alike. A lone judge counts in full; once two judge,
 * nobody has more than half of the weight of all: whoever would have more counts as much as all others together, so
 * that the whole gets smaller rather than anybody else's word larger.
 */
export function weighAnswers(answers: readonly WeighedAnswers[]): WeighedShares {
  const factors = judgeFactors(answers);
  let tp = 0;
  let fp = 0;
  for (const { weight, verdicts } of answers)
    for (const { person, verdict } of verdicts) {
      const part = ((factors.get(person) ?? 1) * weight) / verdicts.length;
      if (verdict === 'true') tp += part;
      else fp += part;
    }
  return { tp, fp };
}

/** How far each person's answers count, 0 to 1; whoever is not in it counts in full. At most one is. */
export function judgeFactors(answers: readonly WeighedAnswers[]): Map<string, number> {
  const weights = new Map<string, number>();
  let total = 0;
  for (const { weight, verdicts } of answers)
    for (const { person } of verdicts) {
      const part = weight / verdicts.length;
      weights.set(person, (weights.get(person) ?? 0) + part);
      total += part;
    }
  if (weights.size < 2) return new Map();
  for (const [person, own] of weights) {
    const others = total - own;
    if (own > others) return new Map([[person, Math.max(0, others / own)]]);
  }
  return new Map();
}
