import { durationMs, type FeedbackSpec } from '@verdict/contracts';

/** What people's verdicts have to show of a model; the `feedback` section of its spec. */
export interface FeedbackPolicy {
  /** T: the share of alarms that are to be real ones, above 0 and below 1. */
  readonly targetPrecision: number;
  /** Fewer judged anomalies than this say nothing. */
  readonly minimumVerdicts: number;
  /** The newest so many judged anomalies count, … */
  readonly windowAnomalies: number;
  /** … and none that started longer ago. */
  readonly windowMs: number;
  /** After so many newer judged anomalies one counts half. */
  readonly halfLifeAnomalies: number;
}

/**
 * T = ½: below it an alarm is more often wrong than right, and people stop looking. `bad` then means: with 95 %
 * certainty most alarms are false. A higher default would call every model bad where real anomalies are rare, and
 * retrain it for ever. Half of the window as half-life: the newer half counts two thirds of the whole.
 */
export const defaultFeedbackPolicy: FeedbackPolicy = {
  targetPrecision: 0.5,
  minimumVerdicts: 10,
  windowAnomalies: 50,
  windowMs: 30 * 86_400_000,
  halfLifeAnomalies: 25,
};

/** The policy that the `feedback` section of a model's spec asks for. */
export function feedbackPolicyOf(spec: FeedbackSpec): FeedbackPolicy {
  const { targetPrecision, minimumVerdicts, windowAnomalies, halfLifeAnomalies } = spec;
  const windowMs = durationMs(spec.window);
  return { targetPrecision, minimumVerdicts, windowAnomalies, windowMs, halfLifeAnomalies };
}
