import type { DetectionSettings } from '@verdict/detection';

/** How a backtest is run. Nothing in it may know how long a file is or what it is called. */
export interface BacktestSettings {
  /** `each`: every signal is scored by itself. `together`: all signals of a file are one unit. */
  readonly signals: 'each' | 'together';
  /** Readings per window, 4 to 128. */
  readonly window: number;
  /** What becomes of the unusual that comes again and again. */
  readonly recurring: DetectionSettings['recurring'];
  /** `trained`: the built-in version first, then nets learnt from the file's own past. */
  readonly model: 'built-in' | 'trained';
  /** Seed of every training. */
  readonly seed: number;
  /** Most readings that the engine is given at once; the output does not depend on it. */
  readonly batchReadings: number;
}

export const defaultBacktest: BacktestSettings = {
  signals: 'together',
  window: 32,
  recurring: 'habit',
  model: 'trained',
  seed: 1,
  batchReadings: 512,
};

/** Accepted readings after which a net is learnt for the first time; again whenever there are twice as many. */
export const firstTrainingReadings = 512;

/** A training looks back on at most this many readings. */
export const mostHistoryReadings = 65_536;

/** The engine's settings for a file with these signals. */
export function engineSettings(
  { signals, window, recurring }: BacktestSettings,
  names: readonly string[],
): Partial<DetectionSettings> {
  return { signals: signals === 'each' ? 'each' : names, window, recurring };
}
