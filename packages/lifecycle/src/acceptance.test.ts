import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type AcceptanceEvidence,
  decideAcceptanceByVerdicts,
  type JudgedEvent,
  type QuietRun,
} from './acceptance.ts';

const quiet = (version: number, more: Partial<QuietRun> = {}): QuietRun => ({
  version,
  readings: 5000,
  anomaliesPerThousand: 1,
  alarmsPerThousand: 4,
  calibrationDistance: 0.05,
  probes: 60,
  probesFound: 50,
  ...more,
});
const events = (kind: JudgedEvent['kind'], of: number, candidate: number, champion: number): JudgedEvent[] =>
  Array.from({ length: of }, (_, index) => ({
    kind,
    candidateAlarms: index < candidate,
    championAlarms: index < champion,
  }));
const decide = (more: Partial<AcceptanceEvidence> = {}) =>
  decideAcceptanceByVerdicts({
    judged: [...events('confirmed', 12, 12, 12), ...events('false-alarm', 10, 3, 10)],
    candidate: quiet(4),
    champion: quiet(3),
    fewerFalseAlarms: true,
    ...more,
  });
const refusals = (more: Partial<AcceptanceEvidence>) =>
  decide(more).reasons.filter((reason) => reason.startsWith('refused'));

test('a candidate that finds what was found and repeats fewer false alarms is accepted, with a reason per gate', () => {
  const { accepted, reasons } = decide();
  assert.equal(accepted, true);
  assert.equal(reasons.length, 7);
  assert.ok(reasons.every((reason) => /^passed: .*\d/.test(reason)));
});

test('a confirmed anomaly that is no longer found refuses it; of many one may be lost', () => {
  assert.deepEqual(refusals({ judged: events('confirmed', 8, 7, 8) }), [
    'refused: finds 7 of 8 real events (0 of 0 that people reported as missed); version 3 finds 8, at least 8 are needed',
  ]);
  assert.deepEqual(refusals({ judged: events('confirmed', 40, 36, 40) }), []);
  assert.equal(refusals({ judged: events('confirmed', 40, 35, 40) }).length, 1);
});

test('what people reported as missed counts for a candidate that finds it', () => {
  const judged = [...events('confirmed', 10, 9, 10), ...events('missed', 3, 1, 0)];
  assert.deepEqual(refusals({ judged }), []);
});

test('known false alarms must become fewer after bad confidence, and never more', () => {
  const judged = events('false-alarm', 10, 9, 10);
  assert.match(refusals({ judged })[0] ?? '', /repeats 9 of 10 .* at most 8 are allowed/);
  assert.deepEqual(refusals({ judged, fewerFalseAlarms: false }), []);
  assert.equal(refusals({ judged: events('false-alarm', 10, 6, 5), fewerFalseAlarms: false }).length, 1);
});

test('alarms over quiet history stay near nominal, or no more than the champion’s where those are not', () => {
  assert.equal(refusals({ candidate: quiet(4, { anomaliesPerThousand: 2.1 }) }).length, 1);
  const flooded = quiet(3, { anomaliesPerThousand: 12, alarmsPerThousand: 90 });
  const still = quiet(4, { anomaliesPerThousand: 12.1, alarmsPerThousand: 91 });
  assert.deepEqual(refusals({ champion: flooded, candidate: quiet(4, { anomaliesPerThousand: 5 }) }), []);
  assert.equal(refusals({ champion: flooded, candidate: still }).length, 2);
});

test('one anomaly in few readings is no rate that refuses', () => {
  const one = { readings: 360, anomaliesPerThousand: 1000 / 360 };
  assert.deepEqual(refusals({ candidate: quiet(4, one) }), []);
  const two = { readings: 360, anomaliesPerThousand: 2000 / 360 };
  assert.equal(refusals({ candidate: quiet(4, two) }).length, 1);
});

test('badly calibrated, or blind to probes, a candidate is refused', () => {
  assert.match(
    refusals({ candidate: quiet(4, { calibrationDistance: 0.3 }) })[0] ?? '',
    /0.3 away from uniform/,
  );
  assert.deepEqual(refusals({ candidate: quiet(4, { calibrationDistance: null }) }), []);
  assert.match(refusals({ candidate: quiet(4, { probesFound: 40 }) })[0] ?? '', /finds 40 of 60 injected/);
});

test('what cannot be judged does not serve', () => {
  assert.equal(refusals({ candidate: quiet(4, { readings: 49 }) }).length, 1);
  assert.equal(refusals({ judged: [], candidate: quiet(4, { probes: 9, probesFound: 50 }) }).length, 1);
  assert.deepEqual(refusals({ candidate: quiet(4, { probes: 0, probesFound: 0 }) }), []);
});

test('a candidate that does no worse anywhere is accepted, unless there have to be fewer false alarms', () => {
  const list = fc.array(
    fc.record({
      kind: fc.constantFrom('confirmed' as const, 'false-alarm' as const, 'missed' as const),
      candidateAlarms: fc.boolean(),
      championAlarms: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(list, fc.double({ min: 0, max: 50, noNaN: true }), (judged, rate) => {
      const same = judged.map((event) => ({ ...event, candidateAlarms: event.championAlarms }));
      const run = { anomaliesPerThousand: rate, alarmsPerThousand: 10 * rate };
      const evidence = { candidate: quiet(4, run), champion: quiet(3, run), judged: same };
      assert.deepEqual(refusals({ ...evidence, fewerFalseAlarms: false }), []);
      const raised = same.some(({ kind, championAlarms }) => kind === 'false-alarm' && championAlarms);
      assert.equal(refusals({ ...evidence, fewerFalseAlarms: true }).length, raised ? 1 : 0);
    }),
  );
});
