import { type CurrentAnswer, judgedShare } from './confidence/judged-share.ts';

/** An anomaly about which somebody could be asked. */
export interface AskableAnomaly {
  readonly anomalyId: string;
  readonly series: string;
  /** Name of what it looks like, such as its signals and the direction; null = like no other. */
  readonly pattern: string | null;
  /** Time of its first reading, epoch ms. */
  readonly startMs: number;
  /** Peak score, 0 to 1. */
  readonly score: number;
  readonly verdicts: readonly CurrentAnswer[];
}

export interface AskingRequest {
  readonly anomalies: readonly AskableAnomaly[];
  readonly nowMs: number;
  /** Who is asked: what this person has judged is left out; null = anybody. */
  readonly person: string | null;
  /** Judged anomalies so far, by series and by pattern; those not named have none. */
  readonly labelled: {
    readonly series: ReadonlyMap<string, number>;
    readonly patterns: ReadonlyMap<string, number>;
  };
  readonly limit: number;
}

/** A question with what its answer is worth, 0 to 4, and why it is asked. */
export interface WorthAsking {
  readonly anomalyId: string;
  readonly worth: number;
  readonly reasons: string[];
}

const oldestMs = 7 * 86_400_000;
const threshold = 0.5;

/**
 * The few anomalies whose answers would tell most, best first. The worth of one is the sum of
 * - doubt, 1 − 2 · |score − ½|: how near the threshold it lies (uncertainty sampling, Lewis and Gale 1994);
 * - dispute, 4 · s · (1 − s) with s the share that says "true" (query by committee, Seung et al. 1992);
 * - 1 / (1 + answers on its series), and 1 / (1 + answers on its pattern): where little is known.
 * Each one chosen counts as an answer for its series and pattern, so that the few are different ones. What people
 * agree on is settled, and nobody remembers what is older than a week: neither is asked.
 */
export function worthAsking(request: AskingRequest): WorthAsking[] {
  const { nowMs, person, labelled, limit } = request;
  const series = new Map(labelled.series);
  const patterns = new Map(labelled.patterns);
  let left = request.anomalies.filter((anomaly) => isOpenQuestion(anomaly, nowMs, person));
  const asked: WorthAsking[] = [];
  while (asked.length < limit && left.length > 0) {
    const ranked = left.map((anomaly) => ({ anomaly, ...worthOf(anomaly, series, patterns) }));
    const best = ranked.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
    const { anomaly, worth, reasons } = best;
    asked.push({ anomalyId: anomaly.anomalyId, worth, reasons });
    left = left.filter((one) => one !== anomaly);
    series.set(anomaly.series, (series.get(anomaly.series) ?? 0) + 1);
    if (anomaly.pattern !== null) patterns.set(anomaly.pattern, (patterns.get(anomaly.pattern) ?? 0) + 1);
  }
  return asked;
}

function isOpenQuestion(anomaly: AskableAnomaly, nowMs: number, person: string | null): boolean {
  if (nowMs - anomaly.startMs > oldestMs) return false;
  if (anomaly.verdicts.some((verdict) => verdict.person === person)) return false;
  const share = judgedShare(anomaly.verdicts);
  return share === null || (share > 0 && share < 1);
}

function worthOf(
  { series, pattern, score, verdicts }: AskableAnomaly,
  ofSeries: ReadonlyMap<string, number>,
  ofPattern: ReadonlyMap<string, number>,
): { worth: number; reasons: string[] } {
  const doubt = Math.max(0, 1 - 2 * Math.abs(score - threshold));
  const share = judgedShare(verdicts) ?? 0;
  const dispute = 4 * share * (1 - share);
  const answers = ofSeries.get(series) ?? 0;
  const alike = pattern === null ? 0 : (ofPattern.get(pattern) ?? 0);
  const reasons: string[] = [];
  if (dispute > 0) reasons.push('people disagree');
  if (doubt >= 0.5) reasons.push(`its score of ${score.toFixed(2)} is near the threshold`);
  if (answers < 3) reasons.push(`${answers === 0 ? 'no' : answers} answers on ${series} so far`);
  if (pattern !== null && alike < 3) reasons.push(`${alike === 0 ? 'no' : alike} answers on its like so far`);
  return { worth: doubt + dispute + 1 / (1 + answers) + 1 / (1 + alike), reasons };
}

/** More worth first, then the newer one, then by id. */
function compare(
  a: { worth: number; anomaly: AskableAnomaly },
  b: { worth: number; anomaly: AskableAnomaly },
): number {
  return (
    b.worth - a.worth ||
    b.anomaly.startMs - a.anomaly.startMs ||
    (a.anomaly.anomalyId < b.anomaly.anomalyId ? -1 : 1)
  );
}
