import { setImmediate } from 'node:timers/promises';
import type { AnomalyChange, Engine, EngineResult } from '@verdict/detection';
import { rowAt, rowsOf, type TrainingBlock, timeAtShare } from './training-block.ts';

/** Readings that go through an engine at once: enough for full batches, few enough for little memory. */
const readingsPerCall = 100_000;

/**
 * Sends history through an engine, piece by piece in the order of time, which gives what one call would give.
 *
 * @param onResult what the engine says of each piece
 */
export async function replayVersion(request: {
  readonly engine: Engine;
  readonly blocks: readonly TrainingBlock[];
  readonly onResult?: (result: EngineResult) => void;
  readonly signal?: AbortSignal;
}): Promise<void> {
  const { engine, blocks, onResult, signal } = request;
  const readings = blocks.reduce((sum, { times }) => sum + times.length, 0);
  const pieces = Math.ceil(readings / readingsPerCall);
  let from = blocks.map(() => 0);
  for (let piece = 1; piece <= pieces; piece += 1) {
    // Lets the process breathe, and hear that it is to stop.
    await setImmediate();
    signal?.throwIfAborted();
    const border = piece < pieces ? timeAtShare(blocks, piece / pieces) : Number.POSITIVE_INFINITY;
    const to = blocks.map((block) => rowAt(block, border));
    const part = blocks.map((block, index) => rowsOf(block, from[index] ?? 0, to[index] ?? 0));
    const result = await engine.process(part.filter(({ times }) => times.length > 0));
    onResult?.(result);
    from = to;
  }
}

/** An anomaly as it was in the end. */
export type FoundAnomaly = Pick<
  AnomalyChange,
  'series' | 'startTime' | 'endTime' | 'signals' | 'patterns' | 'peakScore'
>;

/** Anomalies by series, each as its newest change tells it. */
export class FoundAnomalies {
  readonly #bySeries = new Map<string, Map<number, FoundAnomaly>>();

  add(changes: readonly AnomalyChange[]): void {
    for (const change of changes) {
      const known = this.#bySeries.get(change.series) ?? new Map<number, FoundAnomaly>();
      known.set(change.startTime, change);
      this.#bySeries.set(change.series, known);
    }
  }

  /** Takes in anomalies that the engine has not told the end of. */
  addOpen(engine: Engine): void {
    for (const { openAnomaly } of engine.series()) if (openAnomaly !== null) this.add([openAnomaly]);
  }

  /** Those that overlap a stretch, both ends included, by start. */
  within(series: string, fromMs: number, toMs: number): FoundAnomaly[] {
    const known = [...(this.#bySeries.get(series)?.values() ?? [])];
    return known.filter(({ startTime, endTime }) => startTime <= toMs && endTime >= fromMs);
  }

  /** All of them. */
  all(): FoundAnomaly[] {
    return [...this.#bySeries.values()].flatMap((known) => [...known.values()]);
  }
}
