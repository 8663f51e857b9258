import type { FeedbackSpec, ModelTrust, Sign } from '@verdict/contracts';
import {
  type AnsweredAnomaly,
  confidenceIn,
  detectionQuality,
  driftVerdict,
  feedbackPolicyOf,
  missedEvents,
  type Stretch,
} from '@verdict/lifecycle';
import type { LabelledAnomaly } from '@verdict/storage';

/** What trust in a model follows from. */
export interface TrustFacts {
  readonly nowMs: number;
  readonly champion: number;
  readonly spec: FeedbackSpec;
  /** All anomalies of the model that reach into the window of the feedback policy, of all versions, in any order. */
  readonly anomalies: readonly LabelledAnomaly[];
  /** Reports of missed anomalies on series of the model; those that end before the window are left out. */
  readonly reports: readonly Stretch[];
  readonly signs: readonly Sign[];
  /** Looks at new figures so far. */
  readonly window: number;
  /** Newest records of verdicts on the champion's anomalies, newest first. */
  readonly verdicts: readonly { readonly sequence: number; readonly atMs: number }[];
}

/** Whether a model can be trusted: what verdicts say of every version, and the signs of the champion. */
export function modelTrust(facts: TrustFacts): ModelTrust {
  const { nowMs, champion, spec, anomalies, signs, window, verdicts } = facts;
  const policy = feedbackPolicyOf(spec);
  const { windowMs } = policy;
  const byVersion = answeredByVersion(anomalies);
  const confidence = (version: number) =>
    confidenceIn({ version, anomalies: byVersion.get(version) ?? [], nowMs, policy });
  const { verdict, reason } = driftVerdict(signs);
  return {
    at: isoOf(nowMs),
    version: champion,
    confidence: confidence(champion),
    signs: [...signs],
    drift: { verdict, reason, window },
    quality: detectionQuality(
      anomalies.filter(({ startMs }) => startMs >= nowMs - windowMs),
      missedOf(facts, nowMs - windowMs),
    ),
    verdicts: verdicts.map(({ sequence, atMs }) => ({ sequence, at: isoOf(atMs) })),
    versions: Object.fromEntries([...byVersion.keys()].sort((a, b) => a - b).map((v) => [v, confidence(v)])),
  };
}

/** Judged anomalies, by the version that opened them. */
function answeredByVersion(anomalies: readonly LabelledAnomaly[]): Map<number, AnsweredAnomaly[]> {
  const answered = anomalies
    .filter(({ verdicts }) => verdicts.length > 0)
    .map(({ id, version, startMs, verdicts }) => ({ anomalyId: id, version, startMs, verdicts }));
  return Map.groupBy(answered, ({ version }) => version);
}

/** Events in the window that people reported and that no anomaly covers. */
function missedOf({ reports, anomalies }: TrustFacts, fromMs: number): number {
  const recent = reports.filter(({ toMs }) => toMs >= fromMs);
  const reported = new Set(recent.map(({ series }) => series));
  const found = anomalies
    .filter(({ series }) => reported.has(series))
    .map(({ series, startMs, endMs }) => ({ series, fromMs: startMs, toMs: endMs }));
  return missedEvents(recent, found).length;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
