import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { judgeFactors, type WeighedAnswers, weighAnswers } from './judge-weights.ts';

const people = ['ann', 'ben', 'eve', 'zoe'] as const;
const answers = fc.array(
  fc.record({
    weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
    verdicts: fc.uniqueArray(
      fc.record({
        person: fc.constantFrom(...people),
        verdict: fc.constantFrom('true' as const, 'false' as const),
      }),
      { selector: ({ person }) => person, maxLength: people.length },
    ),
  }),
  { maxLength: 40 },
);

/** What one person's answers come to after the rule. */
function weightOf(person: string, given: readonly WeighedAnswers[]): number {
  const factor = judgeFactors(given).get(person) ?? 1;
  return given.reduce(
    (sum, { weight, verdicts }) =>
      sum + (verdicts.some((said) => said.person === person) ? (factor * weight) / verdicts.length : 0),
    0,
  );
}
const judges = (given: readonly WeighedAnswers[]) =>
  new Set(given.flatMap(({ verdicts }) => verdicts.map(({ person }) => person)));
const say = (person: string, verdict: 'true' | 'false', weight = 1): WeighedAnswers => ({
  weight,
  verdicts: [{ person, verdict }],
});

test('a lone judge counts in full', () => {
  fc.assert(
    fc.property(answers, (given) => {
      const alone = given.map(({ weight, verdicts }) => ({
        weight,
        verdicts: verdicts.slice(0, 1).map((said) => ({ ...said, person: 'ann' })),
      }));
      const { tp, fp } = weighAnswers(alone);
      const whole = alone.reduce((sum, { weight, verdicts }) => sum + (verdicts.length > 0 ? weight : 0), 0);
      assert.ok(Math.abs(tp + fp - whole) < 1e-9);
    }),
  );
});

test('once two judge, nobody has more than half of the weight', () => {
  fc.assert(
    fc.property(answers, (given) => {
      fc.pre(judges(given).size >= 2);
      const { tp, fp } = weighAnswers(given);
      const each = people.map((person) => weightOf(person, given));
      assert.ok(Math.abs(each.reduce((sum, one) => sum + one, 0) - (tp + fp)) < 1e-9);
      for (const own of each) assert.ok(own <= (tp + fp) / 2 + 1e-9, `${own} of ${tp + fp}`);
    }),
  );
});

test('nobody counts more than without the rule, and where nobody has too much all count in full', () => {
  fc.assert(
    fc.property(answers, (given) => {
      const factors = judgeFactors(given);
      for (const factor of factors.values()) assert.ok(factor >= 0 && factor < 1);
      assert.ok(factors.size <= 1);
      const { tp, fp } = weighAnswers(given);
      const whole = given.reduce((sum, { weight, verdicts }) => sum + (verdicts.length > 0 ? weight : 0), 0);
      assert.ok(tp + fp <= whole + 1e-9);
      if (factors.size === 0) assert.ok(Math.abs(tp + fp - whole) < 1e-9);
    }),
  );
});

test('the order of anomalies makes no difference but for rounding', () => {
  fc.assert(
    fc.property(answers, (given) => {
      const [a, b] = [weighAnswers(given), weighAnswers(given.toReversed())];
      assert.ok(Math.abs(a.tp - b.tp) < 1e-9 && Math.abs(a.fp - b.fp) < 1e-9);
    }),
  );
});

test('one who answers forty times counts as the two others who answered thrice together', () => {
  const flood = Array.from({ length: 40 }, () => say('eve', 'false'));
  assert.deepEqual(weighAnswers(flood), { tp: 0, fp: 40 });
  const { tp, fp } = weighAnswers([...flood, say('ann', 'true'), say('ben', 'true', 2)]);
  assert.ok(Math.abs(tp - 3) < 1e-9 && Math.abs(fp - 3) < 1e-9);
});
