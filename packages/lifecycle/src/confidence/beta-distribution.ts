/** Parameters of Beta(a, b), both above 0. */
export interface BetaShape {
  readonly a: number;
  readonly b: number;
}

/** Coefficients of Lanczos' approximation for g = 7 and nine terms (relative error below 1e-14). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];
const lanczosShift = 7;

/** Natural logarithm of Γ(x), for x > 0. Lanczos 1964; Numerical Recipes §6.1. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`the gamma function is asked for at ${x}; it must be above 0`);
  // Γ(x) Γ(1 − x) = π / sin πx keeps small arguments exact.
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + lanczosShift + 0.5;
  const series = lanczos.reduce((sum, factor, index) => sum + (index ? factor / (shifted + index) : factor));
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}

/**
 * Probability that a Beta(a, b) variable is at most x: the regularised incomplete beta function I_x(a, b).
 * DLMF 8.17.22 (continued fraction) with 8.17.4 (symmetry) where that converges faster; Numerical Recipes §6.4.
 */
export function regularisedIncompleteBeta(x: number, { a, b }: BetaShape): number {
  if (!(a > 0 && b > 0)) throw new RangeError(`Beta(${a}, ${b}): both parameters must be above 0`);
  if (!(x > 0)) return 0;
  if (x >= 1) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  const front = Math.exp(logFront);
  if (x < (a + 1) / (a + b + 2)) return (front * continuedFraction(x, { a, b })) / a;
  return 1 - (front * continuedFraction(1 - x, { a: b, b: a })) / b;
}

const mostTerms = 1000;
const relativeError = 1e-15;
/** Stands for 0 in a denominator: the modified Lentz method goes on from there. */
const tiny = 1e-300;

/** 1 / (1 + d₁ / (1 + d₂ / (1 + …))) of DLMF 8.17.22, by the modified Lentz method. */
function continuedFraction(x: number, { a, b }: BetaShape): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= mostTerms; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / awayFromZero(1 + term * d);
      c = awayFromZero(1 + term / c);
      change = c * d;
      value *= change;
    }
    if (Math.abs(change - 1) < relativeError) return value;
  }
  // Some √max(a, b) terms are needed: this is reached beyond about a million counts, with an error still small.
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

const mostSteps = 200;

/**
 * The x at which I_x(a, b) = probability. Newton's method inside a bracket that every step narrows; a step that
 * would leave the bracket, or that shrinks it too little, is a bisection, so that at most 200 are made.
 */
export function betaQuantile(probability: number, shape: BetaShape): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`${probability} is no probability`);
  if (probability === 0 || probability === 1) return probability;
  const { a, b } = shape;
  const logScale = logGamma(a + b) - logGamma(a) - logGamma(b);
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let step = 0; step < mostSteps; step += 1) {
    const miss = regularisedIncompleteBeta(x, shape) - probability;
    if (miss === 0) return x;
    if (miss < 0) low = x;
    else high = x;
    const density = Math.exp(logScale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    const newton = x - miss / density;
    // Every third step is a bisection: Newton alone may creep along one side of the bracket.
    const next = step % 3 < 2 && newton > low && newton < high ? newton : (low + high) / 2;
    if (next === x || high - low <= Number.EPSILON * high) return next;
    x = next;
  }
  return x;
}
