import type { VersionEvaluation } from './evaluate.ts';

export interface AcceptanceDecision {
  readonly accepted: boolean;
  /** One sentence per gate, in numbers, whether passed or not. */
  readonly reasons: readonly string[];
}

/** Alarming readings per 1000 quiet ones that are nominal for any version. */
export const nominalAlarmsPerThousand = 5;
const fewestReadings = 50;
const fewestProbes = 10;

/**
 * A candidate may serve if it could be judged at all, if it raises no more alarms on held-back quiet
 * history than is nominal (or than the baseline, where that one raises more), and if it finds at least as
 * many of the probes as the baseline.
 */
export function decideAcceptance(
  candidate: VersionEvaluation,
  baseline: VersionEvaluation,
): AcceptanceDecision {
  const { readings, probes } = candidate;
  const limit = Math.max(nominalAlarmsPerThousand, baseline.alarmsPerThousand);
  const gates: { passed: boolean; reason: string }[] = [
    {
      passed: readings >= fewestReadings && probes >= fewestProbes,
      reason: `judged on ${readings} held-back readings and ${probes} probes; at least ${fewestReadings} and ${fewestProbes} are needed`,
    },
    {
      passed: candidate.alarmsPerThousand <= limit,
      reason: `${round(candidate.alarmsPerThousand)} alarms per 1000 quiet readings; at most ${round(limit)} are allowed (nominal ${nominalAlarmsPerThousand}, version ${baseline.version} raises ${round(baseline.alarmsPerThousand)})`,
    },
    {
      passed: candidate.probesFound >= baseline.probesFound,
      reason: `found ${candidate.probesFound} of ${probes} injected spikes and drops; version ${baseline.version} finds ${baseline.probesFound}`,
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
