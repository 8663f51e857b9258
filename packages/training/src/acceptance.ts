import type { VersionEvaluation } from './evaluate.ts';

export interface AcceptanceDecision {
  readonly accepted: boolean;
  /** One sentence per gate, in numbers, whether passed or not. */
  readonly reasons: readonly string[];
}

/** Anomalies per 1000 readings that are nominal for any version. */
export const nominalAnomaliesPerThousand = 1;
/** How many more anomalies than the baseline a candidate may open: it also finds what the baseline missed. */
const anomalyTolerance = 1.25;
/**
 * Alarming readings per 1000 that the baseline held for quiet. More than the anomalies that they belong to allow
 * would mean that a candidate hardly ever falls silent again.
 */
export const mostAlarmsPerThousand = 20;
/** Share of the baseline's probes that a candidate must find; of some hundred probes a few come down to luck. */
const probeTolerance = 0.95;
const fewestReadings = 50;
const fewestProbes = 10;

/**
 * A candidate may serve if it could be judged at all, if it opens hardly more anomalies on held-back history than
 * is nominal (or than the baseline, where that one opens more), if it is silent on nearly all of what the baseline
 * held for quiet, and if it finds about as many of the probes as the baseline.
 */
export function decideAcceptance(
  candidate: VersionEvaluation,
  baseline: VersionEvaluation,
): AcceptanceDecision {
  const { readings, probes } = candidate;
  const anomalies = Math.max(nominalAnomaliesPerThousand, anomalyTolerance * baseline.anomaliesPerThousand);
  const alarms = Math.max(mostAlarmsPerThousand, baseline.alarmsPerThousand);
  const found = Math.ceil(probeTolerance * baseline.probesFound);
  const gates: { passed: boolean; reason: string }[] = [
    {
      passed: readings >= fewestReadings && probes >= fewestProbes,
      reason: `judged on ${readings} held-back readings and ${probes} probes; at least ${fewestReadings} and ${fewestProbes} are needed`,
    },
    {
      passed: candidate.anomaliesPerThousand <= anomalies,
      reason: `${round(candidate.anomaliesPerThousand)} anomalies per 1000 readings; at most ${round(anomalies)} are allowed (nominal ${nominalAnomaliesPerThousand}, version ${baseline.version} opens ${round(baseline.anomaliesPerThousand)})`,
    },
    {
      passed: candidate.alarmsPerThousand <= alarms,
      reason: `${round(candidate.alarmsPerThousand)} alarms per 1000 readings that were held for quiet; at most ${round(alarms)} are allowed`,
    },
    {
      passed: candidate.probesFound >= found,
      reason: `found ${candidate.probesFound} of ${probes} injected spikes and drops; version ${baseline.version} finds ${baseline.probesFound}, at least ${found} are needed`,
    },
  ];
  return {
    accepted: gates.every(({ passed }) => passed),
    reasons: gates.map(({ passed, reason }) => `${passed ? 'passed' : 'refused'}: ${reason}`),
  };
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
