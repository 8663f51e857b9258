import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostRemembered } from '@verdict/contracts';
import { isExplainedBy } from '@verdict/detection';
import type { LabelledAnomaly } from '@verdict/storage';
import fc from 'fast-check';
import { answers, labelledAnomaly } from '../testing/labelled-anomaly.fixture.ts';
import { overlayChange, wantedOverlay } from './wanted-overlay.ts';

const atMs = 1_700_000_000_000;
const dayMs = 86_400_000;
const request = { memoryMs: 30 * dayMs, nowMs: atMs + 3_600_000 };
const wanted = (...anomalies: LabelledAnomaly[]) => wantedOverlay(anomalies, request);
const ids = (...anomalies: LabelledAnomaly[]) => wanted(...anomalies).map(({ anomalyId }) => anomalyId);

test('what most people call a false alarm is kept quiet on its series until the memory ends', () => {
  const anomaly = labelledAnomaly('a', { verdicts: answers('fft') });
  assert.deepEqual(wanted(anomaly), [
    { anomalyId: 'a', series: 'shop/cart', patterns: [{ cpu: 4 }], untilMs: anomaly.endMs + 30 * dayMs },
  ]);
});

test('without a majority for a false alarm nothing is kept quiet', () => {
  for (const text of ['', 't', 'tf', 'ttf'])
    assert.deepEqual(ids(labelledAnomaly('a', { verdicts: answers(text) })), []);
});

test('patterns that would quiet a confirmed anomaly of the same series are left out', () => {
  const alarm = labelledAnomaly('a', { verdicts: answers('f'), patterns: [{ cpu: 4 }, { disk: 5 }] });
  const real = labelledAnomaly('b', { verdicts: answers('t'), patterns: [{ cpu: 3.5 }] });
  assert.deepEqual(wanted(alarm, real)[0]?.patterns, [{ disk: 5 }]);
  assert.deepEqual(ids({ ...alarm, patterns: [{ cpu: 4 }] }, real), []);
  assert.deepEqual(ids({ ...alarm, patterns: [{ cpu: 4 }] }, { ...real, series: 'shop/pay' }), ['a']);
  assert.deepEqual(ids({ ...alarm, patterns: [{ cpu: 4 }] }, { ...real, verdicts: answers('tf') }), ['a']);
});

test('what has no pattern, or has expired, is not kept', () => {
  assert.deepEqual(ids(labelledAnomaly('a', { verdicts: answers('f'), patterns: [] })), []);
  const old = labelledAnomaly('b', { verdicts: answers('f'), startMs: request.nowMs - 31 * dayMs });
  assert.deepEqual(ids(old), []);
});

test('of too many false alarms of a series the newest are kept, and those of others are not touched', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    labelledAnomaly(`m${String(index).padStart(2, '0')}`, {
      startMs: atMs + index * 1000,
      verdicts: answers('f'),
    }),
  );
  const other = labelledAnomaly('z', { series: 'shop/pay', verdicts: answers('f'), startMs: atMs - dayMs });
  const kept = ids(...many, other);
  assert.equal(kept.length, mostRemembered + 1);
  assert.deepEqual([kept[0], kept.at(-2), kept.at(-1)], ['m08', 'm39', 'z']);
});

test('nothing that is kept explains a confirmed anomaly, whatever people say', () => {
  const pattern = fc.dictionary(
    fc.constantFrom('cpu', 'disk', 'net'),
    fc.double({ min: -6, max: 6, noNaN: true }),
    {
      minKeys: 1,
    },
  );
  const anomaly = fc.record({
    series: fc.constantFrom('a', 'b'),
    patterns: fc.array(pattern, { maxLength: 3 }),
    verdicts: fc.stringMatching(/^[tf]{0,3}$/).map(answers),
  });
  fc.assert(
    fc.property(fc.array(anomaly, { maxLength: 12 }), (list) => {
      const anomalies = list.map((one, index) => labelledAnomaly(`id${index}`, one));
      for (const entry of wanted(...anomalies))
        for (const { series, verdicts, patterns } of anomalies) {
          const real = verdicts.filter(({ verdict }) => verdict === 'true').length * 2 > verdicts.length;
          if (series !== entry.series || !real) continue;
          for (const known of entry.patterns) assert.ok(!patterns.some((one) => isExplainedBy(one, known)));
        }
    }),
  );
});

test('a change adds what is missing or differs, removes what is not wanted, and is none when all is there', () => {
  const [a, b] = wanted(
    labelledAnomaly('a', { verdicts: answers('f') }),
    labelledAnomaly('b', { verdicts: answers('f') }),
  );
  assert.ok(a && b);
  assert.equal(overlayChange([a, b], [a, b]), null);
  assert.deepEqual(overlayChange([b], [a]), { add: [a], remove: ['b'] });
  const longer = { ...a, untilMs: a.untilMs + 1 };
  assert.deepEqual(overlayChange([a], [longer]), { add: [longer], remove: [] });
});
