import type { DetectionModel } from './detection-model.ts';
import type { FlatLine } from './flat-line.ts';
import { localLevel } from './local-level.ts';
import { expectedBy, type NetworkView, windowError } from './network-view.ts';
import type { ReadingRing } from './reading-ring.ts';
import type { RobustScale } from './robust-scale.ts';
import { ruleBand, type UnitCalibration } from './unit-calibration.ts';

/** One reading of a unit on its way through scoring. Arrays have one entry per signal. */
export interface UnitReading {
  /** `NaN` = missing; at least one is not. */
  readonly values: Float32Array;
  /** Windows that a net must look at before the reading can be finished: 0 or 2. */
  readonly networkRows: number;
  /** Whether a gap lies before it. */
  readonly gap: boolean;
  readonly warming: boolean;
  readonly provisional: boolean;
  /** Whether the readings before it have been flagged for so long that their level is taken for real. */
  readonly believed: boolean;
  /** Whether its window is free of flagged values; else a bad window is no news and says nothing. */
  readonly settled: boolean;
  readonly expected: Float64Array;
  readonly band: Float64Array;
  /** Above 1 = alarm. */
  readonly evidence: Float64Array;
  /** In [0, 1], exact in Float32. */
  score: number;
  /** Root mean square of the scaled window's residuals; `NaN` without a net's view. */
  windowError: number;
}

export interface UnitParts {
  readonly ring: ReadingRing;
  readonly scales: readonly RobustScale[];
  readonly flats: readonly FlatLine[];
  readonly calibration: UnitCalibration;
}

/** A value this part of the width of everything seen so far beyond its border alarms. */
const farOutside = 0.5;
const narrowestRange = 4;
const largestEvidence = 1e6;

/**
 * Compares a reading with what was expected and fills in everything that follows from it.
 *
 * The score is s = e / (e + 1) of the highest evidence e, each being an error over its own threshold: with
 * this maximum of tail evidences one certain sign is enough, and 0.5 is the border for every version.
 */
export function judgeReading(
  reading: UnitReading,
  parts: UnitParts,
  model: DetectionModel,
  view: NetworkView | null,
): void {
  const { ring, scales, flats, calibration } = parts;
  const { values, expected, band, evidence } = reading;
  const sinceGap = reading.gap ? 0 : ring.sinceGap;
  scales.forEach((scale, column) => {
    const value = values[column] ?? Number.NaN;
    let likely = Number.NaN;
    let halfWidth = calibration.band(model, column, scale.deviation);
    if (view !== null && scale.known) likely = scale.unscaled(expectedBy(view, column));
    else if (!reading.warming) {
      // A net that cannot look yet leaves the level to the rules, with room for what they do not know.
      likely = localLevel({ ring, column, row: ring.count, sinceGap, believed: reading.believed });
      if (model.network !== null) halfWidth = ruleBand(scale.deviation);
    }
    if (!Number.isNaN(likely)) {
      expected[column] = likely;
      band[column] = halfWidth;
    }
    if (Number.isNaN(value) || !scale.known) return;
    const flat = flats[column]?.evidence(value) ?? 0;
    const off = Number.isNaN(likely) ? 0 : Math.abs(value - likely) / halfWidth;
    evidence[column] = Math.max(off, rangeEvidence(scale, value), flat);
  });
  if (view !== null && reading.settled) addWindowEvidence(reading, view, calibration.windowThreshold(model));
  if (reading.warming) return;
  let highest = 0;
  for (const part of evidence) highest = Math.max(highest, Math.min(part, largestEvidence));
  reading.score = Math.fround(highest / (highest + 1));
}

/** How far a value lies outside the range seen so far, of readings that were not flagged. */
function rangeEvidence(scale: RobustScale, value: number): number {
  const outside = Math.max(scale.low - value, value - scale.high, 0);
  const range = Math.max(scale.high - scale.low, narrowestRange * scale.deviation);
  return outside / (farOutside * range);
}

/** The signal that the net reproduces worst carries the whole window's evidence, others their part. */
function addWindowEvidence(reading: UnitReading, view: NetworkView, threshold: number): void {
  const { error, energies } = windowError(view);
  const most = Math.max(...energies, Number.MIN_VALUE);
  reading.windowError = error;
  energies.forEach((energy, column) => {
    const part = (error / threshold) * Math.sqrt(energy / most);
    reading.evidence[column] = Math.max(reading.evidence[column] ?? 0, part);
  });
}
