import type { ModelTrust } from '@verdict/contracts';
import type { AnomalyModelStatus } from '../../resources/anomaly-model-status.ts';
import { discreet } from '../../resources/status-fields.ts';

type ConfidenceStatus = NonNullable<AnomalyModelStatus['confidence']>;
type DriftStatus = NonNullable<AnomalyModelStatus['drift']>;

/** How often a number that only moves may be written. */
const everyMs = 60_000;

/** Confidence in the version that serves, rounded. */
export function confidenceStatus({ version, confidence, quality }: ModelTrust): ConfidenceStatus {
  const { state, mean, low, high, judged, contested } = confidence;
  const percent = (share: number): number => Math.round(100 * share);
  const text = `${percent(mean)} % (${percent(low)}-${percent(high)} %)`;
  return {
    version,
    state,
    text: judged === 0 ? 'no verdicts' : text,
    ...(judged === 0 ? {} : { mean: places(mean), low: places(low), high: places(high) }),
    judged,
    contested,
    real: Math.round(quality.tp),
    falseAlarms: Math.round(quality.fp),
  };
}

/**
 * Which of two confidences a status is to tell: the newer one when it is about another version or in another state,
 * when the status is written anyway, when there are twice or half as many verdicts, or after a minute.
 */
export function toldConfidence(
  before: ConfidenceStatus | undefined,
  now: ConfidenceStatus | undefined,
  { writtenAnyway, sinceMs }: { readonly writtenAnyway: boolean; readonly sinceMs: number },
): ConfidenceStatus | undefined {
  if (before === undefined || now === undefined || writtenAnyway || sinceMs >= everyMs) return now;
  if (before.version !== now.version || before.state !== now.state) return now;
  const [few, many] = [Math.min(before.judged, now.judged), Math.max(before.judged, now.judged)];
  return many > 0 && many >= 2 * few ? now : before;
}

/** What the signs say. Their words have numbers in them that always move: those of a change are kept. */
export function driftStatus(before: DriftStatus | undefined, { drift, signs }: ModelTrust): DriftStatus {
  const active = signs.filter((sign) => sign.active).map(({ name }) => name);
  const same =
    before?.verdict === drift.verdict && (before.signs ?? []).join() === active.join() && before.reason;
  return {
    verdict: drift.verdict,
    reason: same ? before.reason : discreet(drift.reason, 1024),
    ...(active.length === 0 ? {} : { signs: active }),
  };
}

function places(share: number): number {
  return Math.round(1000 * Math.min(1, Math.max(0, share))) / 1000;
}
