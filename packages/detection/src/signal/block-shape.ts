import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// What the last blocks of a signal, side by side, usually look like: their running mean and covariance, shrunk towards
// a multiple of the identity. The distance of a window from it is that of Mahalanobis, by the innovations of a Cholesky
// factor that is made anew at fixed counts.

/** Blocks in a window. */
export const blocksPerWindow = 12;
const d = blocksPerWindow;
const triangle = (d * (d + 1)) / 2;
const firstFit = d + 2;
/** A factor serves until so many times as many windows have been seen. */
const refit = 1.5;
/** Older windows fade from so many on. */
const mostWindows = 4096;
/** Shrinkage with n windows: shrink·d/n, and a little always. */
const shrink = 0.8;
const leastShrink = 0.002;

const layout = new Layout();
const count = layout.counters();
const nextFit = layout.counters();
const mean = layout.floats(d);
const covariance = layout.floats(triangle);
const fittedMean = layout.floats(d);
/** The largest number of the factor; the factor itself in parts of it. */
const largest = layout.floats();
const factor = layout.shorts(triangle);
export const blockShapeWords = layout.words;

/** Parts that the largest number of a factor has. */
const parts = 32_767;

const innovations = new Float64Array(d);
const fresh = new Float32Array(triangle);

/**
 * Distance of a window from the usual shape, √(Mahalanobis² / blocks): about 1 for a usual one; −1 while unknown.
 *
 * @param window place of its first number in `memory.f32`, oldest block first
 */
export function shapeDistance({ f32, i32, i16 }: Memory, at: number, window: number): number {
  if (i32[at + nextFit] === 0) return -1;
  const unit = (f32[at + largest] ?? 0) / parts;
  let sum = 0;
  let place = (at << 1) + factor;
  for (let i = 0; i < d; i += 1) {
    let left = (f32[window + i] ?? 0) - (f32[at + fittedMean + i] ?? 0);
    for (let j = 0; j < i; j += 1) left -= unit * (i16[place + j] ?? 0) * (innovations[j] ?? 0);
    const innovation = left / (unit * (i16[place + i] ?? 0) || 1);
    innovations[i] = innovation;
    sum += innovation * innovation;
    place += i + 1;
  }
  return Math.sqrt(sum / d);
}

/** Takes a window that is to be learnt from. */
export function learnShape(memory: Memory, at: number, window: number): void {
  const { f32, i32 } = memory;
  const seen = (i32[at + count] ?? 0) + 1;
  const part = 1 / Math.min(seen, mostWindows);
  i32[at + count] = seen;
  let place = at + covariance;
  for (let i = 0; i < d; i += 1) {
    const off = (f32[window + i] ?? 0) - (f32[at + mean + i] ?? 0);
    innovations[i] = off;
    f32[at + mean + i] = (f32[at + mean + i] ?? 0) + part * off;
    const weighted = off * (1 - part);
    for (let j = 0; j <= i; j += 1) {
      const known = f32[place] ?? 0;
      f32[place] = known + part * (weighted * (innovations[j] ?? 0) - known);
      place += 1;
    }
  }
  if (seen < (i32[at + nextFit] || firstFit)) return;
  fit(memory, at);
  i32[at + nextFit] = Math.ceil(seen * refit);
}

function fit({ f32, i32, i16 }: Memory, at: number): void {
  let trace = 0;
  let most = 0;
  for (let i = 0; i < d; i += 1) trace += f32[at + covariance + (i * (i + 3)) / 2] ?? 0;
  const level = trace / d + 1e-6;
  const weight = Math.min(1, (shrink * d) / Math.min(i32[at + count] ?? 1, mostWindows) + leastShrink);
  for (let i = 0; i < d; i += 1) f32[at + fittedMean + i] = f32[at + mean + i] ?? 0;
  for (let i = 0; i < d; i += 1) {
    const row = (i * (i + 1)) / 2;
    for (let j = 0; j <= i; j += 1) {
      const other = (j * (j + 1)) / 2;
      const known = f32[at + covariance + (i * (i + 1)) / 2 + j] ?? 0;
      let left = (1 - weight) * known + (i === j ? weight * level : 0);
      for (let k = 0; k < j; k += 1) left -= (fresh[row + k] ?? 0) * (fresh[other + k] ?? 0);
      const one = i === j ? Math.sqrt(Math.max(left, 1e-9)) : left / (fresh[other + j] || 1);
      fresh[row + j] = one;
      most = Math.max(most, Math.abs(one));
    }
  }
  f32[at + largest] = most;
  for (let i = 0; i < triangle; i += 1)
    i16[(at << 1) + factor + i] = Math.round((parts * (fresh[i] ?? 0)) / (most || 1));
}

/** Follows a change of scale and origin: z becomes factor·z + shift. */
export function rescaleShape({ f32 }: Memory, at: number, by: number, shift: number): void {
  for (let i = 0; i < d; i += 1) {
    f32[at + mean + i] = by * (f32[at + mean + i] ?? 0) + shift;
    f32[at + fittedMean + i] = by * (f32[at + fittedMean + i] ?? 0) + shift;
  }
  for (let i = 0; i < triangle; i += 1) f32[at + covariance + i] = by * by * (f32[at + covariance + i] ?? 0);
  f32[at + largest] = by * (f32[at + largest] ?? 0);
}
