import type { DetectionModel } from './detection-model.ts';
import { localLevel } from './local-level.ts';
import { expectedBy, windowError } from './network-view.ts';
import { type ReadingRing, RowMark } from './reading-ring.ts';
import type { RobustScale } from './robust-scale.ts';
import { fillScaledWindow, hasWindow } from './scaled-window.ts';
import { UnitCalibration } from './unit-calibration.ts';

export interface CalibrationRequest {
  readonly ring: ReadingRing;
  readonly scales: readonly RobustScale[];
  readonly model: DetectionModel;
  /** Take flagged rows too. */
  readonly all: boolean;
}

/**
 * Rescores a unit's recent readings with a version, so that the version starts with thresholds of its own
 * for this unit instead of a warm-up gap.
 */
export async function calibrateUnit(request: CalibrationRequest): Promise<UnitCalibration> {
  const { ring, scales, model } = request;
  const calibration = new UnitCalibration(scales.length);
  const rows = usableRows(request);
  if (model.network === null) {
    for (const { row, sinceGap } of rows) {
      scales.forEach((scale, column) => {
        const likely = localLevel({ ring, column, row, sinceGap, believed: request.all });
        learnRow({ calibration, request, scale, column, row, likely });
      });
    }
    return calibration;
  }
  const { window } = model.settings;
  const width = scales.length;
  const seen = rows.filter(({ sinceGap }) => hasWindow(sinceGap, window));
  if (seen.length === 0) return calibration;
  const input = new Float32Array(seen.length * 2 * window * width);
  const newestRow = new Float32Array(width);
  seen.forEach(({ row }, index) => {
    for (let column = 0; column < width; column += 1) newestRow[column] = ring.clean(row, column);
    const at = index * 2 * window * width;
    fillScaledWindow({ ring, scales, window, newest: row, values: null }, input, at);
    fillScaledWindow({ ring, scales, window, newest: row, values: newestRow }, input, at + window * width);
  });
  const output = await model.network.run(input, seen.length * 2);
  seen.forEach(({ row }, index) => {
    const view = { input, output, offset: index * 2 * window * width, window, width };
    scales.forEach((scale, column) => {
      const likely = scale.unscaled(expectedBy(view, column));
      learnRow({ calibration, request, scale, column, row, likely });
    });
    calibration.learnWindow(windowError(view).error, calibration.windowThreshold(model));
  });
  return calibration;
}

interface UsableRow {
  readonly row: number;
  /** Rows before it without a gap, as far as they are kept. */
  readonly sinceGap: number;
}

function usableRows({ ring, all }: CalibrationRequest): UsableRow[] {
  const rows: UsableRow[] = [];
  let sinceGap = 0;
  for (let row = ring.first; row < ring.count; row += 1) {
    if (ring.has(row, RowMark.afterGap)) sinceGap = 0;
    if (sinceGap > 0 && (all || !ring.has(row, RowMark.flagged))) rows.push({ row, sinceGap });
    sinceGap += 1;
  }
  return rows;
}

function learnRow(one: {
  calibration: UnitCalibration;
  request: CalibrationRequest;
  scale: RobustScale;
  column: number;
  row: number;
  likely: number;
}): void {
  const { calibration, request, scale, column, row, likely } = one;
  const error = Math.abs(request.ring.raw(row, column) - likely);
  calibration.learnRow(column, error, calibration.band(request.model, column, scale.deviation));
}
