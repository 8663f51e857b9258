import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';

// A sample of fixed size, evenly spread over the recent past: when full it drops every second entry and
// from then on takes one of every two values only, until it takes one in `maxStride`; then it replaces the
// oldest. Which one of a group is taken varies (by a hash of the group's number), or something that comes
// back with the beat of the groups would never be seen. Entries are kept sorted, so that quantiles cost nothing.

const sampleCapacity = 128;
/** The sample spans up to capacity × maxStride values. A power of two. */
const maxStride = 16;

const layout = new Layout();
const group = layout.counters();
const count = layout.bytes(1);
/** Place in the order of age that is replaced next. */
const oldest = layout.bytes(1);
/** Logarithm of base 2. */
const stride = layout.bytes(1);
const position = layout.bytes(1);
const sorted = layout.floats(sampleCapacity);
/** Place in the order of age of each sorted entry. */
const ages = layout.bytes(sampleCapacity);
export const decimatedSampleWords = layout.words;

export function sampleCount(memory: Memory, at: number): number {
  return memory.u8[(at << 2) + count] ?? 0;
}

/** @returns whether the value was taken */
export function addToSample(memory: Memory, at: number, value: number): boolean {
  const { i32, u8 } = memory;
  const step = 1 << (u8[(at << 2) + stride] ?? 0);
  const here = u8[(at << 2) + position] ?? 0;
  const taken = here === (mixed(i32[at + group] ?? 0) & (step - 1));
  if (here + 1 >= step) nextGroup(memory, at);
  else u8[(at << 2) + position] = here + 1;
  if (taken) keep(memory, at, value);
  return taken;
}

function keep(memory: Memory, at: number, value: number): void {
  const { u8 } = memory;
  if ((u8[(at << 2) + count] ?? 0) === sampleCapacity && 1 << (u8[(at << 2) + stride] ?? 0) < maxStride) {
    halve(memory, at);
    nextGroup(memory, at);
  }
  const kept = u8[(at << 2) + count] ?? 0;
  if (kept < sampleCapacity) {
    insert(memory, at, { from: kept, value, age: kept });
    u8[(at << 2) + count] = kept + 1;
    return;
  }
  const age = u8[(at << 2) + oldest] ?? 0;
  const agesAt = (at << 2) + ages;
  let from = 0;
  while (from < sampleCapacity - 1 && memory.u8[agesAt + from] !== age) from += 1;
  insert(memory, at, { from, value, age });
  u8[(at << 2) + oldest] = (age + 1) % sampleCapacity;
}

/** Puts a value where it belongs; the entry `from` gives way. */
function insert(memory: Memory, at: number, one: { from: number; value: number; age: number }): void {
  const { f32, u8 } = memory;
  const kept = memory.u8[(at << 2) + count] ?? 0;
  const first = at + sorted;
  const agesAt = (at << 2) + ages;
  const value = Math.fround(one.value);
  let place = one.from;
  while (place > 0 && (f32[first + place - 1] ?? 0) > value) {
    f32[first + place] = f32[first + place - 1] ?? 0;
    u8[agesAt + place] = u8[agesAt + place - 1] ?? 0;
    place -= 1;
  }
  while (place + 1 < kept && (f32[first + place + 1] ?? 0) < value) {
    f32[first + place] = f32[first + place + 1] ?? 0;
    u8[agesAt + place] = u8[agesAt + place + 1] ?? 0;
    place += 1;
  }
  f32[first + place] = value;
  u8[agesAt + place] = one.age;
}

/** Drops every second entry in the order of age. */
function halve(memory: Memory, at: number): void {
  const { f32, u8 } = memory;
  const first = at + sorted;
  const agesAt = (at << 2) + ages;
  let kept = 0;
  for (let i = 0; i < sampleCapacity; i += 1) {
    const age = u8[agesAt + i] ?? 0;
    if (age % 2 === 0) continue;
    f32[first + kept] = f32[first + i] ?? 0;
    u8[agesAt + kept] = age >> 1;
    kept += 1;
  }
  u8[(at << 2) + count] = kept;
  u8[(at << 2) + stride] = (u8[(at << 2) + stride] ?? 0) + 1;
}

function nextGroup(memory: Memory, at: number): void {
  memory.u8[(at << 2) + position] = 0;
  memory.i32[at + group] = (memory.i32[at + group] ?? 0) + 1;
}

/** Quantile with linear interpolation; 0 for an empty sample. */
export function sampleQuantile(memory: Memory, at: number, probability: number): number {
  const kept = memory.u8[(at << 2) + count] ?? 0;
  const place = probability * Math.max(0, kept - 1);
  const below = Math.floor(place);
  const low = memory.f32[at + sorted + below] ?? 0;
  const high = memory.f32[at + sorted + Math.min(below + 1, Math.max(0, kept - 1))] ?? 0;
  return low + (high - low) * (place - below);
}

/** Spreads consecutive numbers evenly over 32 bits (finalizer of MurmurHash3, Austin Appleby). */
function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
