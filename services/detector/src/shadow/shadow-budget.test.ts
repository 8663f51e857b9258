import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OverBudget, ShadowBudget } from './shadow-budget.ts';

const limits = { times: 5, perBatchMs: 20, perReadingMs: 1, allowanceMs: 2000, beginMs: 1000, bytes: 1 };

test('a shadow may take some times what the version in force takes, for ever', () => {
  const budget = new ShadowBudget(limits);
  for (let batch = 0; batch < 10_000; batch += 1) budget.spend(600, 100, 100);
});

test('beside a version that costs next to nothing a net may take its time per reading', () => {
  const budget = new ShadowBudget(limits);
  for (let batch = 0; batch < 10_000; batch += 1) budget.spend(95, 100, 0.1);
  for (let batch = 0; batch < 10_000; batch += 1) budget.spend(15, 1, 0.1);
  assert.throws(() => budget.spend(5000, 100, 0.1), OverBudget);
});

test('one hiccup is forgiven, and a shadow that is always too slow is let go', () => {
  const budget = new ShadowBudget(limits);
  budget.spend(2000, 10, 1);
  for (let batch = 0; batch < 400; batch += 1) budget.spend(1, 10, 1);
  budget.spend(2000, 10, 1);
  const slow = new ShadowBudget(limits);
  let batches = 0;
  assert.throws(() => {
    for (; batches < 1000; batches += 1) slow.spend(80, 4, 1);
  }, /too long: 80 ms for 4 readings/);
  assert.ok(batches > 10 && batches < 100, `${batches} batches`);
});

test('whatever it spends, it never took much more than it may', () => {
  const spending = fc.record({
    tookMs: fc.nat({ max: 3000 }),
    readings: fc.nat({ max: 50 }),
    servedMs: fc.nat({ max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(spending, { maxLength: 100 }), (all) => {
      const budget = new ShadowBudget(limits);
      let [took, may] = [0, 0];
      try {
        for (const { tookMs, readings, servedMs } of all) {
          // What is waited for is bounded by what is left.
          const waited = Math.min(tookMs, budget.mayTakeMs(readings, servedMs));
          took += waited;
          may += 5 * servedMs + readings + 20;
          budget.spend(waited, readings, servedMs);
        }
      } catch (error) {
        assert.ok(error instanceof OverBudget);
      }
      assert.ok(took <= may + 2000 + 1);
    }),
  );
});
