import type { Evaluation } from '@verdict/contracts';

/** Figures worth a row, in words; an evaluation of another make may bring others, which are shown by their names. */
const figureTexts: Record<string, string> = {
  judgedConfirmed: 'real anomalies held back',
  judgedConfirmedFound: 'of them found',
  judgedMissed: 'reported as missed',
  judgedMissedFound: 'of those found',
  judgedFalseAlarms: 'false alarms held back',
  judgedFalseAlarmsRepeated: 'of them repeated',
  taughtFalseAlarms: 'false alarms it was taught',
  taughtFalseAlarmsRepeated: 'of those repeated',
  taughtPatterns: 'patterns taught as normal',
  readings: 'held-back readings',
  anomaliesPerThousand: 'anomalies per 1,000 readings',
  alarmsPerThousand: 'alarms per 1,000 quiet readings',
  calibrationDistance: 'p-values, distance from uniform',
  probes: 'injected spikes and drops',
  probesFound: 'of these found',
  probesQuieted: 'probes like a false alarm, not counted',
  meanScore: 'mean score',
  reconstructionError: 'reconstruction error',
};

/** Shown only where there is something to count. */
const onlyWithCount = [
  'judgedConfirmed',
  'judgedMissed',
  'judgedFalseAlarms',
  'taughtFalseAlarms',
  'probesQuieted',
];

/** A figure of both versions. */
export interface FigureRow {
  readonly name: string;
  readonly text: string;
  readonly candidate: number | undefined;
  readonly baseline: number | undefined;
}

/** The figures of an evaluation, the ones from people's answers first; kinds of events that there were none of are left out. */
export function figureRows(evaluation: Pick<Evaluation, 'candidate' | 'baseline'>): FigureRow[] {
  const { baseline, candidate } = evaluation;
  const given = new Set([...Object.keys(candidate), ...Object.keys(baseline)]);
  // The heading names the versions already.
  given.delete('version');
  for (const name of onlyWithCount) {
    if ((candidate[name] ?? 0) > 0 || (baseline[name] ?? 0) > 0) continue;
    for (const part of [name, `${name}Found`, `${name}Repeated`]) given.delete(part);
  }
  const known = Object.keys(figureTexts).filter((name) => given.delete(name));
  return [...known, ...given].map((name) => ({
    name,
    text: figureTexts[name] ?? name,
    candidate: candidate[name],
    baseline: baseline[name],
  }));
}
