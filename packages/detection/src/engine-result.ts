import type { SignalEvidence } from './anomalies/alarm-pattern.ts';

/** Bits of {@link ScoredBlock.flags}. */
export const ReadingFlag = {
  /** The score is above 0.5. */
  alarm: 1,
  /** The score rests on too few readings for its own calibration: take it with care. */
  provisional: 2,
  /** Too few readings for any score; the score is 0. */
  warming: 4,
  /** It would have alarmed, were its like not known for a false alarm (memory, or taught); the score is 0.5 at most. */
  quieted: 8,
} as const;

/** The readings of one {@link SeriesBlock} that were accepted, with what the model says about them. */
export interface ScoredBlock {
  readonly series: string;
  /** As in the block that was given, signals that no unit looks at included. */
  readonly signals: readonly string[];
  readonly times: Float64Array;
  /** rows × signals, as given. */
  readonly values: Float32Array;
  /** rows × signals: the value that the model expected, `NaN` where it has none. */
  readonly expected: Float32Array;
  /** rows × signals: half width of the band around `expected` outside which a value alarms; `NaN` if none. */
  readonly band: Float32Array;
  /** One per row, in [0, 1]; the threshold is 0.5 for every version. */
  readonly score: Float32Array;
  /** One per row: {@link ReadingFlag} bits. */
  readonly flags: Uint8Array;
}

/** One signal's part in an anomaly, at the peak. */
export interface SignalShare {
  readonly signal: string;
  /** In [0, 1]; the shares of one anomaly sum to 1; highest first. */
  readonly share: number;
  /** `NaN` when the reading had no value for this signal. */
  readonly value: number;
  /** `NaN` when the model expected nothing in particular. */
  readonly expected: number;
  readonly band: number;
}

/**
 * An anomaly was opened, changed or closed. (series, startTime) identifies it; every change carries the
 * whole picture, so a receiver keeps the one with the highest revision.
 */
export interface AnomalyChange {
  readonly kind: 'opened' | 'updated' | 'closed';
  readonly series: string;
  /** Event time of its first reading, epoch ms. */
  readonly startTime: number;
  /** Event time of its newest alarming reading so far, epoch ms. */
  readonly endTime: number;
  readonly peakTime: number;
  readonly peakScore: number;
  /** 1 when opened, one more with each change. */
  readonly revision: number;
  /** Model version that opened it. */
  readonly openedBy: number;
  readonly signals: readonly SignalShare[];
  /** The kinds of alarming readings in it, each as strong as it came, the first kind first; at most 6. */
  readonly patterns: readonly SignalEvidence[];
}

/** What the version did over the readings of one call. */
export interface EngineFigures {
  /** Readings scored, warming ones included. */
  readonly readings: number;
  /** Anomalies opened. */
  readonly anomalies: number;
  /** Readings above the border. */
  readonly alarms: number;
  readonly quieted: number;
  /** Unflagged readings of units per bin of p-values, 64 equal bins; empty without a reference. */
  readonly pValues: readonly number[];
  /** Scaled steps (a value less the one before) per bin of the reference of inputs; empty without a reference. */
  readonly inputs: readonly number[];
  /** Natural logarithms of the scaled residuals of unflagged readings of units. */
  readonly logResiduals: { readonly sum: number; readonly count: number };
}

/** A reading that was not scored. */
export interface LateReading {
  readonly series: string;
  readonly time: number;
  /** `duplicate`: its time is among the recent readings of the series. `late`: older than the newest one. */
  readonly kind: 'duplicate' | 'late';
}

export interface EngineResult {
  /** One per block with at least one accepted reading, in the order of the blocks. */
  readonly scored: ScoredBlock[];
  /** Ordered per series; series in the order in which they first appear in the blocks. */
  readonly anomalies: AnomalyChange[];
  /** In the order of the blocks. */
  readonly refused: LateReading[];
  readonly figures: EngineFigures;
}
