import { builtInModel, type DetectionModel, type DetectionSettings } from '@verdict/detection';
import { type GivenVersion, versionFor } from './given-version.ts';

/** How a backtest is run. Nothing in it may know how long a file is or what it is called. */
export interface BacktestSettings {
  /** `each`: every signal is scored by itself. `together`: all signals of a file are one unit. */
  readonly signals: 'each' | 'together';
  /** Readings per window, 4 to 128. */
  readonly window: number;
  /** What becomes of the unusual that comes again and again. */
  readonly recurring: DetectionSettings['recurring'];
  /**
   * `trained`: the built-in version first, then nets learnt from the file's own past. A version that is given scores from
   * the first reading to the last, and says itself what `signals`, `window` and `recurring` are.
   */
  readonly model: 'built-in' | 'trained' | GivenVersion;
  /** Seed of every training. */
  readonly seed: number;
  /** Most readings that the engine is given at once; the output does not depend on it. */
  readonly batchReadings: number;
}

export const defaultBacktest = {
  signals: 'together',
  window: 32,
  recurring: 'habit',
  model: 'trained',
  seed: 1,
  batchReadings: 512,
} as const satisfies BacktestSettings;

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

/**
 * What scores a file with these signals in the beginning.
 * @throws RangeError when that cannot work with them
 */
export function firstModel(settings: BacktestSettings, names: readonly string[]): DetectionModel {
  const { model } = settings;
  return typeof model === 'string' ? builtInModel(engineSettings(settings, names)) : versionFor(model, names);
}

/** The settings that a version brings along. */
export function settingsOf({
  model,
}: Pick<GivenVersion, 'model'>): Pick<BacktestSettings, 'signals' | 'window' | 'recurring'> {
  const { signals, window, recurring } = model.settings;
  return { signals: signals === 'each' ? 'each' : 'together', window, recurring };
}

/** Settings as they are told; a version by what it is, without its net. */
export function shownSettings(settings: BacktestSettings) {
  const { model } = settings;
  if (typeof model === 'string') return { ...settings, model };
  const { folder, manifest } = model;
  const { model: name, version, sha256 } = manifest;
  return { ...settings, model: { folder, name, version, sha256 } };
}
