import type { Confidence } from '@verdict/contracts';
import { defaultFeedbackPolicy, type FeedbackPolicy } from './feedback-policy.ts';
import { weighAnswers } from './judge-weights.ts';
import { type CurrentAnswer, judgedShare } from './judged-share.ts';
import { estimateShare } from './share-estimate.ts';

/** An anomaly with the current verdicts on it; one without any may be given and counts for nothing. */
export interface AnsweredAnomaly {
  readonly anomalyId: string;
  /** Version that opened it. */
  readonly version: number;
  /** Time of its first reading, epoch ms. */
  readonly startMs: number;
  readonly verdicts: readonly CurrentAnswer[];
}

export interface ConfidenceRequest {
  readonly version: number;
  /** In any order; those of other versions are left out. */
  readonly anomalies: readonly AnsweredAnomaly[];
  readonly nowMs: number;
  readonly policy?: FeedbackPolicy;
}

/**
 * Confidence in a version. The judged anomalies of the window, newest start first, weigh w = 2^(−rank / half-life);
 * one of which a share s of people says "true" adds s·w to tp and (1 − s)·w to fp, except that once two people judge
 * nobody has more than half of all weight (`weighAnswers`). Precision is then distributed as Beta(½ + tp, ½ + fp):
 * `good` if its 5 % point is at least T, `bad` if its 95 % point is below T, and `unknown` otherwise or with too few
 * judged.
 *
 * Rank, not age, ages a verdict: while nobody judges, nothing changes but what leaves the window. Order is by the
 * anomalies' start, so that changing an old answer does not make it a new one.
 */
export function confidenceIn({ version, anomalies, nowMs, policy }: ConfidenceRequest): Confidence {
  const { targetPrecision, minimumVerdicts, ...window } = policy ?? defaultFeedbackPolicy;
  const judged = judgedInWindow({ version, anomalies, nowMs }, window);
  const { tp, fp } = weighAnswers(
    judged.map(({ verdicts }, rank) => ({ verdicts, weight: 2 ** (-rank / window.halfLifeAnomalies) })),
  );
  const estimate = estimateShare(tp, fp);
  const enough = judged.length >= minimumVerdicts;
  const good = enough && estimate.low >= targetPrecision;
  const bad = enough && estimate.high < targetPrecision;
  return {
    state: good ? 'good' : bad ? 'bad' : 'unknown',
    ...estimate,
    tp,
    fp,
    judged: judged.length,
    contested: judged.filter(({ verdicts }) => isContested(verdicts)).length,
  };
}

function isContested(verdicts: readonly CurrentAnswer[]): boolean {
  const share = judgedShare(verdicts) ?? 0;
  return share > 0 && share < 1;
}

/** The judged anomalies that count, newest first. */
function judgedInWindow(
  { version, anomalies, nowMs }: ConfidenceRequest,
  { windowAnomalies, windowMs }: Pick<FeedbackPolicy, 'windowAnomalies' | 'windowMs'>,
): AnsweredAnomaly[] {
  return anomalies
    .filter((anomaly) => anomaly.version === version && anomaly.verdicts.length > 0)
    .filter(({ startMs }) => startMs >= nowMs - windowMs)
    .sort((a, b) => b.startMs - a.startMs || (a.anomalyId < b.anomalyId ? -1 : 1))
    .slice(0, windowAnomalies);
}
