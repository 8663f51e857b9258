import type { TaughtPattern } from './anomalies/alarm-pattern.ts';
import { type DetectionSettings, detectionSettings } from './detection-settings.ts';
import type { Network } from './network.ts';

/**
 * The upper tail of an error: 90 % of the errors lie below `border`, and those above exceed it by `excess`
 * on average. A threshold for any small probability follows from the two by an exponential tail.
 */
export interface ErrorTail {
  readonly border: number;
  readonly excess: number;
}

/** What errors of a model look like on quiet history; used for a unit until its own errors say more. */
export interface ModelCalibration {
  /** |reading − expected| of the newest row, in units of the signal's robust scale, any signal. */
  readonly row: ErrorTail;
  /** Root mean square of a whole window's residuals, in the same units. */
  readonly window: ErrorTail;
}

/** How errors and inputs were distributed on quiet history, to see in service whether they still are. */
export interface ModelReference {
  /** The 63 inner 64-quantiles of |value − expected| of newest rows, in units of the robust scale, ascending. */
  readonly errors: readonly number[];
  /**
   * Scaled steps, a value less the one before: n ascending inner borders make n + 1 bins (a step on a border lies above
   * it), counts per bin. Steps, because levels depend on the time of day, and what came lately never covers a whole one.
   */
  readonly inputs: { readonly borders: readonly number[]; readonly counts: readonly number[] };
}

/** One version of a model, ready to score. */
export interface DetectionModel {
  /** 0 = built in, without a net; learnt versions count from 1. */
  readonly version: number;
  readonly settings: DetectionSettings;
  /** `null` exactly when `version` is 0. */
  readonly network: Network | null;
  readonly calibration: ModelCalibration;
  /** `null` when nobody knows: the built-in version, and versions learnt before it was kept. */
  readonly reference: ModelReference | null;
  /** Alarms that people called false, taught as normal. */
  readonly taught: readonly TaughtPattern[];
}

/** What a jump against the running median looks like for a signal that is mostly noise. */
export const builtInCalibration: ModelCalibration = {
  row: { border: 1.7, excess: 0.5 },
  window: { border: 1.7, excess: 0.5 },
};

/** Version 0: robust deviation, range and flat-line rules; serves before anything has been learnt. */
export function builtInModel(settings: Partial<DetectionSettings> = {}): DetectionModel {
  return {
    version: 0,
    settings: detectionSettings(settings),
    network: null,
    calibration: builtInCalibration,
    reference: null,
    taught: [],
  };
}
