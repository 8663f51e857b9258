import { scoreThreshold } from '@verdict/contracts';

/** How far an anomaly's peak lies above the alarm border, in three steps that people can act on. */
export type Severity = 'minor' | 'major' | 'critical';

/** Every severity, mildest first. */
export const severities: readonly Severity[] = ['minor', 'major', 'critical'];

/** Severity of a peak score in [0, 1]: the way from the border to 1 is cut at 40 % and 80 %. */
export function severityOf(peakScore: number): Severity {
  const above = (peakScore - scoreThreshold) / (1 - scoreThreshold);
  if (above >= 0.8) return 'critical';
  return above >= 0.4 ? 'major' : 'minor';
}
