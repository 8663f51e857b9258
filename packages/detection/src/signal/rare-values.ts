import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// How rare a value of some statistic is: the readings are cut into blocks, the highest values of blocks are kept, and
// beyond the lowest of those the tail is exponential (block maxima in the manner of peaks over threshold; Siffer et
// al., "Anomaly Detection in Streams with Extreme Value Theory", KDD 2017). Evidence is -ln p, p being the probability
// that a block holds such a value: it cannot grow faster than experience does, so a quiet series stays quiet. Where the
// highest values are all young (a trend, a counter, a new level), only as many blocks count as their age speaks for.

const kept = 12;
const fewest = 4;
/** Least mean excess, as a part of the distance of the highest value from the centre. */
const leastExcess = 0.08;
/** From so many blocks on, half of what was seen is forgotten. */
const mostBlocks = 4096;
/** So that sums stay within Float32. */
const largest = 1e37;

const layout = new Layout();
/** Number of the block of each value that is kept. */
const born = layout.shorts(kept);
// What every value is compared with lies together: one cache line for most of them.
const blocks = layout.shorts(1);
const count = layout.bytes(1);
/** Values in the block under way. */
const rows = layout.bytes(1);
/** Highest value of the block under way. */
const highest = layout.floats();
/** Ascending. */
const top = layout.floats(kept);
export const rareValuesWords = layout.words;

/**
 * Evidence of a value: 0 while too little is known, and for values below those kept.
 *
 * @param centre of the values, from which the least excess is measured
 * @param floor smallest excess that means anything, in the unit of the values
 */
export function rareEvidence(
  memory: Memory,
  at: number,
  value: number,
  centre: number,
  floor: number,
): number {
  const { f32, u8 } = memory;
  const known = u8[(at << 2) + count] ?? 0;
  const lowest = f32[at + top] ?? 0;
  if (known < fewest || !(value > lowest)) return 0;
  const reach = leastExcess * Math.abs((f32[at + top + known - 1] ?? 0) - centre);
  const scale = Math.max(meanExcess(memory, at, known), reach, floor, 1e-30);
  return knownFor(memory, at, known) + (value - lowest) / scale;
}

/** Blocks seen so far, less those forgotten. */
export function rareBlocks({ u16 }: Memory, at: number): number {
  return u16[(at << 1) + blocks] ?? 0;
}

/** Takes a value that is to be learnt from. @param perBlock values in a block, at most 255 */
export function addRareValue(memory: Memory, at: number, value: number, perBlock: number): void {
  const { f32, u8 } = memory;
  if (Number.isNaN(value)) return;
  const row = (u8[(at << 2) + rows] ?? 0) + 1;
  const bounded = Math.max(-largest, Math.min(largest, value));
  if (row === 1 || bounded > (f32[at + highest] ?? 0)) f32[at + highest] = bounded;
  u8[(at << 2) + rows] = row < perBlock ? row : 0;
  if (row >= perBlock) endBlock(memory, at);
}

function endBlock(memory: Memory, at: number): void {
  const { f32, u8, u16 } = memory;
  const value = f32[at + highest] ?? 0;
  const seen = rareBlocks(memory, at) + 1;
  u16[(at << 1) + blocks] = seen;
  const known = u8[(at << 2) + count] ?? 0;
  const higher = value > (f32[at + top] ?? 0);
  // Once there has been more than can be kept, only what is higher than the lowest one comes in.
  if (known < kept && (seen <= kept || higher)) {
    let place = known;
    for (; place > 0 && (f32[at + top + place - 1] ?? 0) > value; place -= 1)
      move(memory, at, place - 1, place);
    put(memory, at, place, value);
    u8[(at << 2) + count] = known + 1;
  } else if (higher) {
    let place = 1;
    for (; place < kept && (f32[at + top + place] ?? 0) < value; place += 1)
      move(memory, at, place, place - 1);
    put(memory, at, place - 1, value);
  }
  if (rareBlocks(memory, at) >= mostBlocks) forgetHalf(memory, at);
}

function put(memory: Memory, at: number, place: number, value: number): void {
  memory.f32[at + top + place] = value;
  memory.u16[(at << 1) + born + place] = rareBlocks(memory, at);
}

function move({ f32, u16 }: Memory, at: number, from: number, to: number): void {
  f32[at + top + to] = f32[at + top + from] ?? 0;
  u16[(at << 1) + born + to] = u16[(at << 1) + born + from] ?? 0;
}

/** Every second value goes, the highest first, and time counts half. */
function forgetHalf(memory: Memory, at: number): void {
  const { u8, u16 } = memory;
  const left = (u8[(at << 2) + count] ?? 0) >> 1;
  for (let i = 0; i < left; i += 1) {
    move(memory, at, 2 * i, i);
    u16[(at << 1) + born + i] = (u16[(at << 1) + born + i] ?? 0) >> 1;
  }
  u8[(at << 2) + count] = left;
  u16[(at << 1) + blocks] = rareBlocks(memory, at) >> 1;
}

/** How far the values that are kept exceed the lowest of them on average. Worked out when asked for, which is seldom. */
function meanExcess({ f32 }: Memory, at: number, known: number): number {
  const lowest = f32[at + top] ?? 0;
  let sum = 0;
  for (let i = 0; i < known; i += 1) sum += (f32[at + top + i] ?? 0) - lowest;
  return Math.fround(sum / (known - 1));
}

/** -ln of the part of the blocks that is kept; of all blocks, or as many as the age of what is kept speaks for. */
function knownFor(memory: Memory, at: number, known: number): number {
  const seen = rareBlocks(memory, at);
  let age = 0;
  for (let i = 0; i < known; i += 1) age += seen - (memory.u16[(at << 1) + born + i] ?? 0) + 1;
  return Math.fround(Math.max(0, Math.log((Math.min(seen, (2 * age) / known) + 1) / known)));
}

/** Follows a change of scale: values become so many times as large. */
export function rescaleRareValues({ f32, u8 }: Memory, at: number, by: number): void {
  for (let i = 0; i < (u8[(at << 2) + count] ?? 0); i += 1) f32[at + top + i] = by * (f32[at + top + i] ?? 0);
  f32[at + highest] = by * (f32[at + highest] ?? 0);
}
