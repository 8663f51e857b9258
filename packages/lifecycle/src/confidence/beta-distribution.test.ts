import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { betaQuantile, logGamma, regularisedIncompleteBeta } from './beta-distribution.ts';

const near = (actual: number, wanted: number, error = 1e-12) =>
  assert.ok(Math.abs(actual - wanted) <= error, `${actual} is not ${wanted}`);
const shapes = fc.record({
  a: fc.double({ min: 0.5, max: 500, noNaN: true }),
  b: fc.double({ min: 0.5, max: 500, noNaN: true }),
});
const probabilities = fc.double({ min: 0.001, max: 0.999, noNaN: true });

test('the gamma function of whole numbers is a factorial, that of a half is the root of pi', () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n += 1) {
    near(logGamma(n), Math.log(factorial), 1e-12 * Math.max(1, Math.log(factorial)));
    factorial *= n;
  }
  near(logGamma(0.5), Math.log(Math.PI) / 2);
  near(logGamma(0.1), 2.252712651734206);
  assert.throws(() => logGamma(0), RangeError);
});

test('the incomplete beta function agrees with its closed forms', () => {
  for (const x of [0.01, 0.2, 0.5, 0.77, 0.999]) {
    near(regularisedIncompleteBeta(x, { a: 1, b: 1 }), x);
    near(regularisedIncompleteBeta(x, { a: 3, b: 1 }), x ** 3);
    near(regularisedIncompleteBeta(x, { a: 1, b: 4 }), 1 - (1 - x) ** 4);
    near(regularisedIncompleteBeta(x, { a: 2, b: 2 }), 3 * x ** 2 - 2 * x ** 3);
    near(regularisedIncompleteBeta(x, { a: 0.5, b: 0.5 }), (2 / Math.PI) * Math.asin(Math.sqrt(x)));
  }
});

test('the incomplete beta function agrees with a numerical integral of the density', () => {
  for (const shape of [
    { a: 18.5, b: 2.5 },
    { a: 0.5, b: 20.5 },
    { a: 7.25, b: 40 },
  ])
    for (const x of [0.05, 0.3, 0.7, 0.9])
      near(regularisedIncompleteBeta(x, shape), integral(x, shape), 1e-9);
});

/** ∫ t^(a−1) (1−t)^(b−1) dt with t = sin² θ, which has no poles for a, b ≥ ½; Simpson's rule. */
function integral(x: number, { a, b }: { a: number; b: number }): number {
  const upTo = (end: number) => {
    const steps = 4000;
    const at = (theta: number) => Math.sin(theta) ** (2 * a - 1) * Math.cos(theta) ** (2 * b - 1);
    let sum = 0;
    for (let i = 0; i <= steps; i += 1)
      sum += at((end * i) / steps) * (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2);
    return (sum * end) / (3 * steps);
  };
  return upTo(Math.asin(Math.sqrt(x))) / upTo(Math.PI / 2);
}

test('18 of 20: the 95 % interval is 0.70 to 0.97 with the even prior, and 0.72 to 0.98 with Jeffreys’', () => {
  const interval = (prior: number) =>
    [0.025, 0.975].map((p) => betaQuantile(p, { a: 18 + prior, b: 2 + prior }).toFixed(2));
  assert.deepEqual(interval(1), ['0.70', '0.97']);
  assert.deepEqual(interval(0.5), ['0.72', '0.98']);
});

test('quantiles agree with their closed forms, also near the borders', () => {
  for (const p of [1e-6, 0.05, 0.5, 0.95, 1 - 1e-6]) {
    near(betaQuantile(p, { a: 0.5, b: 0.5 }), Math.sin((Math.PI * p) / 2) ** 2, 1e-10);
    near(betaQuantile(p, { a: 1, b: 7 }), 1 - (1 - p) ** (1 / 7), 1e-10);
    near(betaQuantile(p, { a: 7, b: 1 }), p ** (1 / 7), 1e-10);
  }
  assert.equal(betaQuantile(0, { a: 2, b: 3 }), 0);
  assert.equal(betaQuantile(1, { a: 2, b: 3 }), 1);
  assert.throws(() => betaQuantile(1.1, { a: 2, b: 3 }), RangeError);
});

test('a quantile leads back to its probability, and mirrored shapes have mirrored quantiles', () => {
  fc.assert(
    fc.property(probabilities, shapes, (p, { a, b }) => {
      const x = betaQuantile(p, { a, b });
      near(regularisedIncompleteBeta(x, { a, b }), p, 1e-8);
      near(1 - betaQuantile(1 - p, { a: b, b: a }), x, 1e-8);
    }),
  );
});

test('the incomplete beta function never falls', () => {
  const unit = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(unit, unit, shapes, (x, y, shape) => {
      const [low, high] = [Math.min(x, y), Math.max(x, y)];
      assert.ok(regularisedIncompleteBeta(low, shape) <= regularisedIncompleteBeta(high, shape) + 1e-12);
    }),
  );
});
