import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { farShare, heavierExcess, tailShare } from './error-tail.ts';

// Learns how large one kind of error of one unit is when nothing is wrong: counts of errors in bins that grow with the
// error, eight to an octave, of which the upper twelve octaves are kept apart. Older errors fade: all counts are halved
// from time to time. A bin holds the floats that begin with the same bits, so that finding it takes no logarithm.

/** Own errors from which a calibration stands on its own feet. */
const enoughErrors = 64;

/** Own errors that weigh as much as what the model says about errors in general. */
const priorWeight = 16;
const fewestErrors = 16;
const mostCounted = 256;
/** What is counted fades by half after between half as many and so many errors. */
const halveAfter = 1024;
/** One error; more than 1, so that the far tail fades over several halvings. */
const one = 16;
/** Within Float32. */
const largestExcess = 3e38;
const bins = 96;
const perOctave = 8;
/** Bits of a float that do not matter for its bin: 8 bins per octave. */
const unusedBits = 20;

const layout = new Layout();
const counts = layout.shorts(bins);
const border = layout.floats();
const excess = layout.floats();
const count = layout.shorts(1);
/** Sum of all bins. */
const mass = layout.shorts(1);
/** Number of the lowest bin on the grid of all floats. */
const base = layout.shorts(1);
const waiting = layout.shorts(1);
export const errorHistogramWords = layout.words;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Number of the bin of an error, at least 0, on the grid of all floats. */
function gridOf(error: number): number {
  float[0] = error;
  return (bits[0] ?? 0) >> unusedBits;
}

/** The smallest error in a bin of the grid. */
function edgeOf(grid: number): number {
  bits[0] = grid << unusedBits;
  return float[0] ?? 0;
}

/** Whether there are too few errors to judge by them alone. */
export function isProvisional({ u16 }: Memory, at: number): boolean {
  return (u16[(at << 1) + count] ?? 0) < enoughErrors;
}

/**
 * Takes an error.
 * @param likely about how large an error may be here; only the first one's matters
 */
export function addError(memory: Memory, at: number, error: number, likely: number): void {
  // What is handed on are numbers of bins: fractions would become objects on the way.
  addToGrid(memory, at, gridOf(error), gridOf(Math.min(likely, 1e38)));
}

function addToGrid(memory: Memory, at: number, grid: number, likely: number): void {
  const { u16 } = memory;
  const countsAt = (at << 1) + counts;
  if ((u16[(at << 1) + count] ?? 0) === 0) u16[(at << 1) + base] = Math.max(0, likely - bins);
  let bin = grid - (u16[(at << 1) + base] ?? 0);
  if (bin >= bins) {
    moveUp(memory, at, bin - bins + perOctave);
    bin = grid - (u16[(at << 1) + base] ?? 0);
  }
  if (bin < 0) bin = 0;
  u16[countsAt + bin] = (u16[countsAt + bin] ?? 0) + one;
  u16[(at << 1) + mass] = (u16[(at << 1) + mass] ?? 0) + one;
  const known = Math.min((u16[(at << 1) + count] ?? 0) + 1, mostCounted);
  u16[(at << 1) + count] = known;
  if ((u16[(at << 1) + mass] ?? 0) >= halveAfter * one) fade(memory, at);
  const waited = (u16[(at << 1) + waiting] ?? 0) + 1;
  const due = waited >= (known < mostCounted ? 8 : 32) && known >= fewestErrors;
  u16[(at << 1) + waiting] = due ? 0 : waited;
  if (due) refresh(memory, at);
}

/**
 * The error that few quiet readings exceed.
 * @param prior the model's tail of this error in the unit of the errors
 * @param excesses how far out, see `excessesBeyond`
 */
export function errorThreshold(
  { f32, u16 }: Memory,
  at: number,
  prior: { readonly border: number; readonly excess: number; readonly unit: number },
  excesses: number,
): number {
  const known = u16[(at << 1) + count] ?? 0;
  const weight = known < fewestErrors ? 0 : known / (known + priorWeight);
  const own = (f32[at + border] ?? 0) + (f32[at + excess] ?? 0) * excesses;
  return weight * own + (1 - weight) * prior.unit * (prior.border + prior.excess * excesses);
}

/** Moves the bins up the grid; what falls out below goes into the lowest one. */
function moveUp({ u16 }: Memory, at: number, by: number): void {
  const countsAt = (at << 1) + counts;
  let lowest = 0;
  for (let bin = 0; bin <= Math.min(by, bins - 1); bin += 1) lowest += u16[countsAt + bin] ?? 0;
  for (let bin = 1; bin < bins; bin += 1)
    u16[countsAt + bin] = bin + by < bins ? (u16[countsAt + bin + by] ?? 0) : 0;
  u16[countsAt] = lowest;
  u16[(at << 1) + base] = (u16[(at << 1) + base] ?? 0) + by;
}

/** Halves all counts, and moves the bins down the grid when the upper half is empty. */
function fade({ u16 }: Memory, at: number): void {
  const countsAt = (at << 1) + counts;
  let left = 0;
  let highest = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const half = (u16[countsAt + bin] ?? 0) >> 1;
    u16[countsAt + bin] = half;
    left += half;
    if (half > 0) highest = bin;
  }
  u16[(at << 1) + mass] = left;
  const by = Math.min(bins / 2 - highest, u16[(at << 1) + base] ?? 0);
  if (by < perOctave) return;
  for (let bin = bins - 1; bin >= 0; bin -= 1)
    u16[countsAt + bin] = bin >= by ? (u16[countsAt + bin - by] ?? 0) : 0;
  u16[(at << 1) + base] = (u16[(at << 1) + base] ?? 0) - by;
}

/** Works out the tail: its border, and how far errors beyond it exceed it on average. */
function refresh(memory: Memory, at: number): void {
  measureTails(memory, at);
  const parts = { border: near.border, near: near.excess, farBorder: far.border, far: far.excess };
  memory.f32[at + border] = near.border;
  memory.f32[at + excess] = Math.min(heavierExcess(parts), largestExcess);
}

const near = { share: tailShare, border: 0, excess: 0 };
const far = { share: farShare, border: 0, excess: 0 };
/** The smaller share first: the other one lies further down. */
const tails = [far, near];

/** Finds the border above which each share of the errors lies, and their mean excess; errors lie evenly within a bin. */
function measureTails({ u16 }: Memory, at: number): void {
  const countsAt = (at << 1) + counts;
  const all = u16[(at << 1) + mass] ?? 0;
  const first = u16[(at << 1) + base] ?? 0;
  let bin = bins - 1;
  let above = 0;
  let sum = 0;
  for (const tail of tails) {
    const wanted = tail.share * all;
    for (; bin >= 0; bin -= 1) {
      const here = u16[countsAt + bin] ?? 0;
      if (here === 0) continue;
      const from = bin === 0 ? 0 : edgeOf(first + bin);
      const to = edgeOf(first + bin + 1);
      if (above + here >= wanted) {
        const missing = wanted - above;
        tail.border = to - ((to - from) * missing) / here;
        tail.excess = (sum + missing * ((tail.border + to) / 2)) / wanted - tail.border;
        break;
      }
      above += here;
      sum += here * ((from + to) / 2);
    }
  }
}
