import type { DetectionQuality } from '@verdict/contracts';
import { weighAnswers } from './judge-weights.ts';
import { type CurrentAnswer, judgedShare } from './judged-share.ts';
import { estimateShare } from './share-estimate.ts';

/**
 * Precision = tp / (tp + fp) and recall = tp / (tp + missed), each with its interval. For precision nobody has more
 * than half of the weight once two judge; recall counts events, since a report only ever says one thing.
 * Recall knows only what people confirmed or reported: unjudged anomalies are in neither count, so that low label
 * coverage widens its interval, and events that nobody noticed make it too high.
 */
export function detectionQuality(
  anomalies: readonly { readonly verdicts: readonly CurrentAnswer[] }[],
  missed: number,
): DetectionQuality {
  const shares = anomalies.flatMap(({ verdicts }) => judgedShare(verdicts) ?? []);
  const tp = shares.reduce((sum, share) => sum + share, 0);
  const fp = shares.length - tp;
  const weighed = weighAnswers(anomalies.map(({ verdicts }) => ({ verdicts, weight: 1 })));
  return {
    precision: shares.length > 0 ? estimateShare(weighed.tp, weighed.fp) : null,
    recall: tp + missed > 0 ? estimateShare(tp, missed) : null,
    labelCoverage: anomalies.length > 0 ? shares.length / anomalies.length : null,
    anomalies: anomalies.length,
    judged: shares.length,
    tp,
    fp,
    missed,
  };
}
