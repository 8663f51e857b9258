import { Layout } from '../state/layout.ts';
import type { Memory } from '../state/memory.ts';
import { blockShapeWords, blocksPerWindow, learnShape, rescaleShape, shapeDistance } from './block-shape.ts';
import { addRareValue, rareEvidence, rareValuesWords } from './rare-values.ts';

// A signal at a coarser time scale: the means of its last blocks of readings, compared with their usual shape whenever
// a block is complete.

const layout = new Layout();
const sum = layout.floats();
const rows = layout.bytes(1);
/** Blocks so far, up to a whole window. */
const filled = layout.bytes(1);
/** Distance of the window that was completed last, −1 when unknown. */
const distance = layout.floats();
const window = layout.floats(blocksPerWindow);
const shape = layout.part(blockShapeWords);
const rare = layout.part(rareValuesWords);
export const blockWindowWords = layout.words;

/**
 * Takes a scaled value in.
 * @returns evidence of the window that it completes, 0 when it completes none
 */
export function takeBlockValue(memory: Memory, at: number, value: number, perBlock: number): number {
  const { f32, u8 } = memory;
  const total = (f32[at + sum] ?? 0) + value;
  const row = (u8[(at << 2) + rows] ?? 0) + 1;
  f32[at + sum] = total;
  u8[(at << 2) + rows] = row;
  if (row < perBlock) return 0;
  for (let i = 1; i < blocksPerWindow; i += 1) f32[at + window + i - 1] = f32[at + window + i] ?? 0;
  f32[at + window + blocksPerWindow - 1] = total / perBlock;
  f32[at + sum] = 0;
  u8[(at << 2) + rows] = 0;
  const blocks = Math.min(blocksPerWindow, (u8[(at << 2) + filled] ?? 0) + 1);
  u8[(at << 2) + filled] = blocks;
  if (blocks < blocksPerWindow) return 0;
  const off = shapeDistance(memory, at + shape, at + window);
  f32[at + distance] = off;
  return off < 0 ? 0 : rareEvidence(memory, at + rare, off, 0, 0);
}

/** Learns from the window that the newest value completed, if it did. */
export function learnBlockWindow(memory: Memory, at: number): void {
  const { f32, u8 } = memory;
  if (u8[(at << 2) + rows] !== 0 || (u8[(at << 2) + filled] ?? 0) < blocksPerWindow) return;
  const off = f32[at + distance] ?? -1;
  if (off >= 0) addRareValue(memory, at + rare, off, 1);
  learnShape(memory, at + shape, at + window);
}

/** Follows a change of scale and origin: z becomes by·z + shift. */
export function rescaleBlockWindow(memory: Memory, at: number, by: number, shift: number): void {
  const { f32, u8 } = memory;
  f32[at + sum] = by * (f32[at + sum] ?? 0) + shift * (u8[(at << 2) + rows] ?? 0);
  for (let i = 0; i < blocksPerWindow; i += 1)
    f32[at + window + i] = by * (f32[at + window + i] ?? 0) + shift;
  rescaleShape(memory, at + shape, by, shift);
}
