// Arithmetic on lower triangles that lie by rows in the memory of a unit. Most of the time of units of many signals goes
// into it, so two rows are worked on at once: they share what is fetched of the vector. Each sum is declared by itself:
// taken out of an array, sums would be objects, and all of it four times as slow. What is added to what, in which order,
// is part of the results and must stay.

/** Sum over so many pairs: of every fourth one by itself, the last up to three with the first sum. */
export function product(f32: Float32Array, at: number, y: Float64Array, count: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let k = 0;
  for (; k + 3 < count; k += 4) {
    a += (f32[at + k] ?? 0) * (y[k] ?? 0);
    b += (f32[at + k + 1] ?? 0) * (y[k + 1] ?? 0);
    c += (f32[at + k + 2] ?? 0) * (y[k + 2] ?? 0);
    d += (f32[at + k + 3] ?? 0) * (y[k + 3] ?? 0);
  }
  for (; k < count; k += 1) a += (f32[at + k] ?? 0) * (y[k] ?? 0);
  return a + b + (c + d);
}

/**
 * Solves L·y = x for a factor L that has the inverse of its diagonal there. Each row's sum is that of {@link product}.
 * @param y receives the solution
 * @returns the sum of its squares
 */
export function solve(f32: Float32Array, at: number, x: Float64Array, y: Float64Array): number {
  const size = x.length;
  let sum = 0;
  let one = at;
  let i = 0;
  for (; i + 1 < size; i += 2) {
    const two = one + i + 1;
    const whole = i & ~3;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    let e = 0;
    let f = 0;
    let g = 0;
    let h = 0;
    for (let k = 0; k < whole; k += 4) {
      const y0 = y[k] ?? 0;
      const y1 = y[k + 1] ?? 0;
      const y2 = y[k + 2] ?? 0;
      const y3 = y[k + 3] ?? 0;
      a += (f32[one + k] ?? 0) * y0;
      b += (f32[one + k + 1] ?? 0) * y1;
      c += (f32[one + k + 2] ?? 0) * y2;
      d += (f32[one + k + 3] ?? 0) * y3;
      e += (f32[two + k] ?? 0) * y0;
      f += (f32[two + k + 1] ?? 0) * y1;
      g += (f32[two + k + 2] ?? 0) * y2;
      h += (f32[two + k + 3] ?? 0) * y3;
    }
    for (let k = whole; k < i; k += 1) {
      a += (f32[one + k] ?? 0) * (y[k] ?? 0);
      e += (f32[two + k] ?? 0) * (y[k] ?? 0);
    }
    const upper = ((x[i] ?? 0) - (a + b + (c + d))) * (f32[one + i] ?? 0);
    e += (f32[two + i] ?? 0) * upper;
    const lower = ((x[i + 1] ?? 0) - (e + f + (g + h))) * (f32[two + i + 1] ?? 0);
    y[i] = upper;
    y[i + 1] = lower;
    sum += upper * upper;
    sum += lower * lower;
    one = two + i + 2;
  }
  if (i < size) {
    const last = ((x[i] ?? 0) - product(f32, one, y, i)) * (f32[one + i] ?? 0);
    y[i] = last;
    sum += last * last;
  }
  return sum;
}

/** Lets a triangle fade and takes in that of x·xᵀ: A becomes keep·A + take·x·xᵀ. */
export function takeProducts(
  f32: Float32Array,
  at: number,
  x: Float64Array,
  { keep, take }: { readonly keep: number; readonly take: number },
): void {
  const size = x.length;
  let one = at;
  let i = 0;
  for (; i + 1 < size; i += 2) {
    const two = one + i + 1;
    const upper = take * (x[i] ?? 0);
    const lower = take * (x[i + 1] ?? 0);
    let j = 0;
    for (; j < i; j += 2) {
      const left = x[j] ?? 0;
      const right = x[j + 1] ?? 0;
      f32[one + j] = keep * (f32[one + j] ?? 0) + upper * left;
      f32[one + j + 1] = keep * (f32[one + j + 1] ?? 0) + upper * right;
      f32[two + j] = keep * (f32[two + j] ?? 0) + lower * left;
      f32[two + j + 1] = keep * (f32[two + j + 1] ?? 0) + lower * right;
    }
    f32[one + i] = keep * (f32[one + i] ?? 0) + upper * (x[i] ?? 0);
    f32[two + i] = keep * (f32[two + i] ?? 0) + lower * (x[i] ?? 0);
    f32[two + i + 1] = keep * (f32[two + i + 1] ?? 0) + lower * (x[i + 1] ?? 0);
    one = two + i + 2;
  }
  if (i < size) {
    const last = take * (x[i] ?? 0);
    for (let j = 0; j <= i; j += 1) f32[one + j] = keep * (f32[one + j] ?? 0) + last * (x[j] ?? 0);
  }
}
