import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AnsweredAnomaly, confidenceIn } from './confidence.ts';
import { defaultFeedbackPolicy } from './feedback-policy.ts';

const dayMs = 86_400_000;
const nowMs = 100 * dayMs;
const say = (word: string) =>
  [...word].map((letter, index) => ({
    person: `person ${index}`,
    verdict: letter === 't' ? ('true' as const) : ('false' as const),
  }));
/** One anomaly an hour, the last one an hour ago, with the letters of each word as verdicts. */
const answered = (words: readonly string[], version = 1): AnsweredAnomaly[] =>
  words.map((word, index) => ({
    anomalyId: String(index).padStart(24, '0'),
    version,
    startMs: nowMs - (words.length - index) * 3_600_000,
    verdicts: say(word),
  }));
const of = (words: readonly string[]) => confidenceIn({ version: 1, anomalies: answered(words), nowMs });
const times = (count: number, word: string) => Array.from({ length: count }, () => word);

test('nine unanimous answers say nothing yet, the tenth decides', () => {
  assert.equal(of(times(9, 't')).state, 'unknown');
  assert.equal(of(times(10, 't')).state, 'good');
  assert.equal(of(times(9, 'f')).state, 'unknown');
  assert.equal(of(times(10, 'f')).state, 'bad');
});

test('about as many real ones as false ones is unknown: it asks for verdicts, not for a training', () => {
  assert.equal(of(times(10, 't').flatMap((t) => [t, 'f'])).state, 'unknown');
});

test('a flood of false alarms turns a good model bad within its window', () => {
  const before = times(40, 't');
  assert.equal(of(before).state, 'good');
  const needed = Array.from({ length: 50 }, (_, n) => n).find(
    (n) => of([...before, ...times(n, 'f')]).state === 'bad',
  );
  assert.ok(needed !== undefined && needed > 15 && needed <= 35, String(needed));
});

test('people who disagree count as their share', () => {
  const { tp, fp, contested, judged } = of(['ttf']);
  assert.ok(Math.abs(tp - 2 / 3) < 1e-12 && Math.abs(fp - 1 / 3) < 1e-12);
  assert.deepEqual([contested, judged], [1, 1]);
  assert.equal(of([...times(20, 'tf')]).contested, 20);
});

test('the verdict on the newest weighs 1, one half-life later it weighs one half', () => {
  assert.ok(Math.abs(of(['t', ...times(25, 'f')]).tp - 0.5) < 1e-12);
});

test('anomalies of other versions, without verdicts, beyond the fifty newest or a month old count for nothing', () => {
  const anomalies = [
    ...answered(times(20, 'f'), 2),
    ...answered(times(20, '')),
    ...answered(times(20, 'f')).map((one) => ({ ...one, startMs: nowMs - 31 * dayMs })),
  ];
  assert.deepEqual(confidenceIn({ version: 1, anomalies, nowMs }), of([]));
  assert.deepEqual(of([...times(30, 'f'), ...times(50, 't')]), of(times(50, 't')));
});

test('a withdrawn verdict is as if it had never been given', () => {
  const words = [...times(12, 't'), 'f', 'f'];
  assert.deepEqual(of([...times(12, 't'), '', '']).state, of(times(12, 't')).state);
  assert.ok(of([...times(12, 't'), '', '']).low > of(words).low);
});

test('the target of the policy decides: the same answers are good for one half and bad for nine tenths', () => {
  const anomalies = answered(times(10, 't').flatMap((t) => [t, t, t, 'f']));
  const state = (targetPrecision: number) =>
    confidenceIn({ version: 1, anomalies, nowMs, policy: { ...defaultFeedbackPolicy, targetPrecision } })
      .state;
  assert.deepEqual([state(0.5), state(0.75), state(0.95)], ['good', 'unknown', 'bad']);
});

test('once a second person judges, nobody has more than half of the weight', () => {
  const alone = answered(times(30, 'f'));
  assert.equal(confidenceIn({ version: 1, anomalies: alone, nowMs }).state, 'bad');
  const [first, ...rest] = alone;
  assert.ok(first);
  const second = { ...first, verdicts: [{ person: 'person 1', verdict: 'true' as const }] };
  const both = confidenceIn({ version: 1, anomalies: [second, ...rest], nowMs });
  assert.equal(both.state, 'unknown');
  assert.ok(Math.abs(both.tp - both.fp) < 1e-9 && both.judged === 30);
});

test('order of the input, and "false" that becomes "true", never make a version look worse', () => {
  const words = fc.array(fc.stringMatching(/^[tf]{0,4}$/), { maxLength: 60 });
  fc.assert(
    fc.property(words, fc.nat(), (list, pick) => {
      const anomalies = answered(list);
      const before = confidenceIn({ version: 1, anomalies, nowMs });
      assert.deepEqual(confidenceIn({ version: 1, anomalies: anomalies.toReversed(), nowMs }), before);
      assert.ok(before.low <= before.mean && before.mean <= before.high);
      const index = list.length > 0 ? pick % list.length : -1;
      const better = of(list.map((word, at) => (at === index ? word.replace('f', 't') : word)));
      assert.ok(better.low >= before.low - 1e-12 && better.high >= before.high - 1e-12);
    }),
    { numRuns: 60 },
  );
});
