import type { Anomaly, CurrentVerdict, Receipt } from '@verdict/contracts';

/** How many people say true and false. */
export interface Answers {
  readonly true: number;
  readonly false: number;
}

/** Counts what people say, as far as it counts. */
export function answersOf(verdicts: readonly Pick<CurrentVerdict, 'verdict' | 'uncounted'>[]): Answers {
  const counted = verdicts.filter(({ uncounted }) => uncounted === undefined);
  const yes = counted.filter((given) => given.verdict === 'true').length;
  return { true: yes, false: counted.length - yes };
}

/** Contradicting verdicts as their share, `2 of 3 say false alarm`; null where people agree. */
export function shareText(answers: Answers): string | null {
  if (answers.true === 0 || answers.false === 0) return null;
  const all = answers.true + answers.false;
  if (answers.true === answers.false) return `${answers.true} of ${all} say each`;
  return answers.true > answers.false
    ? `${answers.true} of ${all} say true`
    : `${answers.false} of ${all} say false`;
}

/**
 * True while more is to come within seconds: the receipt counts other answers than the page shows, or a false alarm
 * is not in memory yet.
 */
export function mayStillChange(receipt: Receipt | undefined, answers: Answers): boolean {
  if (receipt === undefined || !countsThe(answers, receipt)) return true;
  return receipt.judgement === 'false-alarm' && receipt.memory === null;
}

/** True if the receipt is about the answers that the page shows. */
export function countsThe(answers: Answers, receipt: Receipt): boolean {
  return receipt.answers.true === answers.true && receipt.answers.false === answers.false;
}

/** A similar anomaly to link to; its time is known where a listing holds it. */
export interface SimilarLink {
  readonly id: string;
  readonly start: string | null;
}

/** The anomalies that a receipt names as similar, without the one it is about, with their times where known. */
export function similarLinks(receipt: Receipt, known: readonly Anomaly[]): SimilarLink[] {
  const starts = new Map(known.map((anomaly) => [anomaly.id, anomaly.start]));
  return receipt.similar.ids
    .filter((id) => id !== receipt.anomalyId)
    .map((id) => ({ id, start: starts.get(id) ?? null }));
}
