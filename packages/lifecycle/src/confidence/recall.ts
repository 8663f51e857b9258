import { type CurrentAnswer, judgedShare } from './judged-share.ts';
import { estimateShare, type ShareEstimate } from './share-estimate.ts';

/** What people's answers say of a model over some interval; the caller chooses which anomalies lie in it. */
export interface DetectionQuality {
  /** Share of the judged anomalies that are real; null while none is judged. */
  readonly precision: ShareEstimate | null;
  /** Share of the real events known to people that were found; null while none is known. */
  readonly recall: ShareEstimate | null;
  /** Judged anomalies over all; null when there are none. The lower, the less the two shares say. */
  readonly labelCoverage: number | null;
  readonly anomalies: number;
  readonly judged: number;
  /** Real anomalies; contradicting verdicts count as their share. */
  readonly tp: number;
  readonly fp: number;
  /** Events that people reported and no anomaly covers, see `missedEvents`. */
  readonly missed: number;
}

/**
 * Precision = tp / (tp + fp) and recall = tp / (tp + missed), each with its interval.
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
  return {
    precision: shares.length > 0 ? estimateShare(tp, fp) : null,
    recall: tp + missed > 0 ? estimateShare(tp, missed) : null,
    labelCoverage: anomalies.length > 0 ? shares.length / anomalies.length : null,
    anomalies: anomalies.length,
    judged: shares.length,
    tp,
    fp,
    missed,
  };
}
