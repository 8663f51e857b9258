import { errorHistogramWords } from '../signal/error-histogram.ts';
import { signalWords } from '../signal/signal-state.ts';
import { Layout } from '../state/layout.ts';
import { intervalsWords } from './intervals.ts';

// What is remembered of a unit as a whole. A new component goes here (or into signal/signal-state.ts, if every signal
// has one of its own).

/** Numbers of the newest readings at which flagged episodes began that are kept. */
export const episodesKept = 6;

const layout = new Layout();
export const intervalsPart = layout.part(intervalsWords);
/** Errors of whole windows; belongs to the model version. */
export const windowErrorsPart = layout.part(errorHistogramWords);
/** Rows ever taken. */
export const rowCount = layout.counters();
/** Rows that the ring holds. */
export const rowsKept = layout.counters();
/** Place in the ring of the next row. */
export const nextPlace = layout.counters();
/** Rows since the newest gap. */
export const rowsSinceGap = layout.counters();
export const flaggedRun = layout.counters();
export const quietRun = layout.counters();
/** Readings until the newest flagged value that was taken at its word has left every window. */
export const unsettled = layout.counters();
export const episodesSeen = layout.counters();
export const episodes = layout.counters(episodesKept);
const headWords = layout.words;

/** Rows kept at least, and beyond a window: a version is calibrated on those that have a whole window before them. */
const fewestRows = 96;
const rowsBeyondWindow = 64;

/**
 * Where the parts of a unit of so many signals lie whose model looks at windows of so many rows: what belongs to the
 * unit, a ring of rows (marks, raw values, clean ones), what belongs to each signal.
 */
export class UnitShape {
  readonly width: number;
  readonly rows: number;
  /** Index of the first byte. */
  readonly marks: number;
  readonly raw: number;
  readonly clean: number;
  readonly signals: number;
  readonly words: number;

  constructor(width: number, window: number) {
    this.width = width;
    this.rows = Math.max(fewestRows, window + rowsBeyondWindow);
    const parts = new Layout();
    parts.part(headWords);
    this.marks = parts.bytes(this.rows);
    this.raw = parts.floats(this.rows * width);
    this.clean = parts.floats(this.rows * width);
    this.signals = parts.part(width * signalWords);
    this.words = parts.words;
  }
}
