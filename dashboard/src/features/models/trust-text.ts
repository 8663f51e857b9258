import type { ModelView } from '@verdict/contracts';
import { type Confidence, durationMs, type FeedbackSpec, type ModelTrust } from '@verdict/contracts';
import { formatShare } from '../../lib/quantity.ts';
import { formatDuration } from '../../lib/time-text.ts';
import { versionName, versionText } from '../../lib/version-text.ts';

/** The serving version in a word. */
export function championText(model: Pick<ModelView, 'champion'>): string {
  return versionName(model.champion);
}

type Asked = Pick<FeedbackSpec, 'minimumVerdicts' | 'targetPrecision'>;

/** How far a version is trusted, in words. */
export function trustWord(confidence: Confidence | null, asked: Asked): string {
  if (confidence === null) return 'not looked at yet';
  if (confidence.state === 'good') return 'trusted';
  if (confidence.state === 'bad') return 'no longer trusted';
  return confidence.judged < asked.minimumVerdicts ? 'not enough answers' : 'answers do not decide yet';
}

/** Why a version is trusted that far, and what would have to come for more to be said. */
export function trustSentence(trust: ModelTrust | null, asked: Asked): string {
  if (trust === null) return 'Verdicts and signs of this model are looked at within seconds of its start.';
  const { confidence } = trust;
  const target = formatShare(asked.targetPrecision);
  if (confidence.state === 'good')
    return `At least ${formatShare(confidence.low)} of its alarms are real with 95 % certainty; ${target} are asked for.`;
  if (confidence.state === 'bad')
    return `At most ${formatShare(confidence.high)} of its alarms are real with 95 % certainty; ${target} are asked for.`;
  const missing = asked.minimumVerdicts - confidence.judged;
  if (missing > 0) {
    const have =
      confidence.judged === 0
        ? `Nobody has judged an anomaly of ${versionText(trust.version)} yet`
        : `${confidence.judged} of ${asked.minimumVerdicts} answers on ${versionText(trust.version)} are there`;
    return `${have}: ${missing} more ${missing === 1 ? 'is' : 'are'} needed until confidence says anything.`;
  }
  return `Between ${formatShare(confidence.low)} and ${formatShare(confidence.high)} of its alarms are real: too wide to say whether it is ${target}. More answers make it narrower.`;
}

/** A share's interval: each end holds with 95 % certainty. */
export function intervalText({ low, high }: { low: number; high: number }): string {
  return `${formatShare(low)} to ${formatShare(high)}, each end 95 % certain`;
}

/** How far people's answers support the model, for a row of the list. */
export function precisionText({ trust }: Pick<ModelView, 'trust'>): string {
  const precision = trust?.quality.precision ?? null;
  if (trust === null || precision === null) return 'nobody has answered yet';
  return `${formatShare(precision.mean)} of ${trust.quality.judged} answered were real`;
}

/** The stretch of time over which people's answers count: `the last 30 d`. */
export function windowText(spec: Pick<FeedbackSpec, 'window'>): string {
  return `the last ${formatDuration(durationMs(spec.window))}`;
}
