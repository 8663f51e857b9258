import { builtInModel } from './detection-model.ts';
import { type DetectionSettings, defaultPolicy } from './detection-settings.ts';
import { fillScaledWindow, hasWindow, teachingReadings } from './scaled-window.ts';
import type { SeriesBlock } from './series-block.ts';
import { SeriesState, unitColumns } from './series-state.ts';
import type { Unit } from './unit.ts';
import { unitValues } from './unit-values.ts';

export interface ReplayRequest {
  /** Whole history of one series in one block or several, ascending. */
  readonly blocks: readonly SeriesBlock[];
  readonly settings: DetectionSettings;
  /** Whether a row belongs to an anomaly and so must not be learnt from. Default: none does. */
  readonly excluded?: (block: SeriesBlock, row: number) => boolean;
  /**
   * Whether a row is part of an alarm that is to be taught as normal. Default: none is. Such a row is scored, flagged
   * and cleaned like any other; a row that is excluded as well is not taught.
   */
  readonly taught?: (block: SeriesBlock, row: number) => boolean;
  /**
   * Called for every window that may be learnt from: quiet ones, and those whose newest row is taught.
   * @param window window × signals, scaled, newest row last; reused for the next call
   * @param time event time of its newest row
   * @param kind `taught`: its newest row is taught, as it came; the rows before it are as a net would have seen them
   *   (the expectation in place of flagged values)
   */
  readonly visit: (window: Float32Array, time: number, kind: 'quiet' | 'taught') => void;
}

/**
 * Runs a series' history through the built-in version and shows the windows that a net would have seen:
 * the very same scaling and cleaning as in service. Windows with an excluded row are left out, and so are those with
 * a flagged one unless their newest row is taught.
 */
export function replayWindows({ blocks, settings, excluded, taught, visit }: ReplayRequest): void {
  const model = builtInModel(settings);
  const window = new Float32Array(
    settings.window * (settings.signals === 'each' ? 1 : settings.signals.length),
  );
  const quietRows = new Map<Unit, number>();
  const includedRows = new Map<Unit, number>();
  const states = new Map<string, SeriesState>();
  for (const block of blocks) {
    const state = states.get(block.series) ?? new SeriesState(block.series);
    states.set(block.series, state);
    const columnsOfUnits = unitColumns(model, block.signals);
    for (let row = 0; row < block.times.length; row += 1) {
      const time = block.times[row] ?? Number.NaN;
      if (state.refusal(time) !== null) continue;
      state.advance(time, defaultPolicy.gapIntervals);
      const distrusted = excluded?.(block, row) ?? false;
      const teaches = taught?.(block, row) ?? false;
      for (const { name, columns } of columnsOfUnits) {
        const values = unitValues(block, row, columns);
        const unit = values === null ? null : state.unit(name, columns.length);
        if (values === null || unit === null) continue;
        const reading = unit.begin(values, time, model, defaultPolicy.gapIntervals);
        const { ring, scales } = unit;
        const usable =
          ring.count >= teachingReadings && !reading.gap && hasWindow(ring.sinceGap, settings.window);
        if (usable)
          fillScaledWindow({ ring, scales, window: settings.window, newest: ring.count, values }, window, 0);
        unit.finish(reading, model, null, { distrusted });
        const flagged = distrusted || (reading.score > 0.5 && !unit.restless);
        const quiet = flagged ? 0 : (quietRows.get(unit) ?? 0) + 1;
        quietRows.set(unit, quiet);
        const included = distrusted ? 0 : (includedRows.get(unit) ?? 0) + 1;
        includedRows.set(unit, included);
        if (!usable) continue;
        if (teaches) {
          if (included >= settings.window) visit(window, time, 'taught');
        } else if (quiet >= settings.window) visit(window, time, 'quiet');
      }
    }
  }
}

/**
 * Turns windows with their newest row shown into ones with it hidden: the row before stands in, as in
 * service when the engine asks what to expect.
 *
 * @param windows count × (window × width), row-major; changed in place
 */
export function hideNewestRows(windows: Float32Array, window: number, width: number): void {
  const size = window * width;
  for (let end = size; end <= windows.length; end += size) {
    windows.copyWithin(end - width, end - 2 * width, end - width);
  }
}
