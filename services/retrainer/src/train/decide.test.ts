import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnomalyModelSpec, Comparison, Evaluation } from '@verdict/contracts';
import type { EvaluationEvidence, JudgedEvent, VersionEvaluation } from '@verdict/training';
import { comparisonOf } from './compare.ts';
import { decide } from './decide.ts';

const run = (version: number, more: Partial<VersionEvaluation> = {}): VersionEvaluation => ({
  version,
  readings: 5000,
  alarmsPerThousand: 4,
  anomaliesPerThousand: 1,
  meanScore: 0.3,
  reconstructionError: 0.1,
  pValues: new Array<number>(64).fill(10),
  probes: 60,
  probesFound: 55,
  probesQuieted: 0,
  ...more,
});
const events = (kind: JudgedEvent['kind'], of: number, candidate: number, taught = false): JudgedEvent[] =>
  Array.from({ length: of }, (_, index) => ({
    kind,
    series: 'shop/a',
    fromMs: 1000 * index,
    toMs: 1000 * index + 500,
    taught,
    candidateAlarms: index < candidate,
    championAlarms: true,
  }));
const gates = { ...AnomalyModelSpec.parse({ series: ['**'] }).acceptance, nominalPerThousand: 1 };
const evidence: EvaluationEvidence = {
  candidate: run(4),
  champion: run(3, { pValues: [] }),
  events: [...events('confirmed', 12, 12), ...events('false-alarm', 10, 9), ...events('missed', 2, 2)],
  shown: [],
};
const decided = (more: Partial<EvaluationEvidence> = {}, triggerId = 'asked-1') =>
  decide({
    evidence: { ...evidence, ...more },
    gates,
    triggerId,
    taughtPatterns: 3,
    notes: [],
  });

test('the registry gets what was judged in numbers, and every gate in a sentence', () => {
  const evaluation = decided();
  assert.deepEqual(Evaluation.parse(evaluation), evaluation);
  assert.equal(evaluation.accepted, true);
  assert.equal(evaluation.reasons.length, 7);
  const { judgedConfirmedFound, judgedMissedFound, judgedFalseAlarmsRepeated, taughtPatterns } =
    evaluation.candidate;
  assert.deepEqual(
    [judgedConfirmedFound, judgedMissedFound, judgedFalseAlarmsRepeated, taughtPatterns],
    [12, 2, 9, 3],
  );
  assert.equal(evaluation.candidate.calibrationDistance, 0);
  assert.equal('calibrationDistance' in evaluation.baseline, false);
  assert.equal(evaluation.baselineVersion, 3);
});

test('after bad confidence there have to be fewer false alarms, and the refusal says so in numbers', () => {
  const { accepted, reasons } = decided({}, 'confidence-v3-17');
  assert.equal(accepted, false);
  assert.ok(reasons.some((reason) => /^refused: repeats 9 of 10 false alarms; .* at most 8/.test(reason)));
});

test('taught false alarms prove nothing, but are told of', () => {
  const more = [...events('confirmed', 12, 12), ...events('false-alarm', 20, 1, true)];
  const { accepted, reasons, candidate } = decided({ events: more }, 'confidence-v3-17');
  assert.equal(accepted, true);
  assert.equal(candidate.judgedFalseAlarms, 0);
  assert.ok(
    reasons.includes('note: of 20 false alarms that it was taught it repeats 1; the champion raises 20'),
  );
});

test('the gates of the spec count', () => {
  const strict = decide({
    evidence: { ...evidence, candidate: run(4, { probesFound: 54 }) },
    gates: { ...gates, keptShare: 1 },
    triggerId: 'asked-1',
    taughtPatterns: 0,
    notes: ['the champion could not be loaded'],
  });
  assert.equal(strict.accepted, false);
  assert.equal(strict.reasons.at(-1), 'note: the champion could not be loaded');
});

test('how many anomalies are near nominal follows from what is nominal on the pool', () => {
  const loud = { ...evidence, candidate: run(4, { anomaliesPerThousand: 7 }) };
  const accepted = (nominalPerThousand: number) =>
    decide({
      evidence: loud,
      gates: { ...gates, nominalPerThousand },
      triggerId: 'asked-1',
      taughtPatterns: 0,
      notes: [],
    }).accepted;
  assert.deepEqual([accepted(1), accepted(4)], [false, true]);
});

test('the comparison keeps the extremes of long series, and everything of short ones', () => {
  const shown = (readings: number) => ({
    series: 'shop/a',
    signal: 'cpu',
    times: Float64Array.from({ length: readings }, (_, row) => row),
    values: new Float32Array(readings).fill(Number.NaN, 3, 4).fill(9, 7, 8),
    candidate: new Float32Array(readings).fill(0.75, 1234, 1235),
    champion: new Float32Array(readings).fill(0.875, 1300, 1301),
  });
  const comparison = comparisonOf({ ...evidence, shown: [shown(20_000), shown(400)] });
  assert.deepEqual(Comparison.parse(comparison), comparison);
  const [long, short] = comparison.series;
  assert.ok((long?.times.length ?? 0) <= 600);
  assert.equal(Math.max(...(long?.candidate ?? [])), 0.75);
  assert.equal(Math.max(...(long?.champion ?? [])), 0.875);
  assert.ok(long?.times.every((time, index) => time > (long.times[index - 1] ?? -1)));
  assert.deepEqual([short?.times.length, short?.value[3], short?.value[7]], [400, null, 9]);
  assert.equal(short?.judged.length, evidence.events.length);
});
