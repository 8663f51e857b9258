import type { Memory } from '../state/memory.ts';

// A distance, and the running average of those before it: slow faults add up. The average is one number of the state.

/** Weight of the newest distance in the running average, and what the average counts. */
const averaging = 0.1;
const averageGain = 1.5;

/** The distance, or that of the last readings on average where that is more. */
export function reach({ f32 }: Memory, at: number, distance: number): number {
  const before = f32[at] ?? 0;
  return Math.max(distance, averageGain * (before + averaging * (distance - before)));
}

/** Takes a distance into the average. */
export function follow({ f32 }: Memory, at: number, distance: number): void {
  const before = f32[at] ?? 0;
  f32[at] = before + averaging * (distance - before);
}
