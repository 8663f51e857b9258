import { errorHistogramWords } from '../signal/error-histogram.ts';
import { rareValuesWords } from '../signal/rare-values.ts';
import { signalWords } from '../signal/signal-state.ts';
import { Layout } from '../state/layout.ts';
import { counterWords } from './counter-state.ts';
import { intervalsWords } from './intervals.ts';
import { soloMembersWords } from './solo-members.ts';
import { WideMembers } from './wide-members.ts';

// What is remembered of a unit as a whole. A new component goes here (or into signal/signal-state.ts, if every signal
// has one of its own).

/** Beginnings of flagged episodes that are known. */
export const episodesKept = 6;

const layout = new Layout();
export const intervalsPart = layout.partWithDoubles(intervalsWords);
/** Rows ever taken. */
export const rowCount = layout.counters();
/** Running average of how far the unit's signals were from their short past. */
export const averageDistance = layout.floats();
/** Number of the newest reading at which a flagged episode began. */
export const newestEpisode = layout.counters();
/** Rows since the newest gap, up to {@link mostCounted}. */
export const rowsSinceGap = layout.shorts(1);
/** Flagged readings in a row, up to {@link mostCounted}. */
export const flaggedRun = layout.shorts(1);
/** Quiet readings in a row, up to {@link fewCounted}. */
export const quietRun = layout.bytes(1);
/** Readings until the newest flagged value that was taken at its word has left every window. */
export const unsettled = layout.bytes(1);
/** Readings for which what is usual is not learnt, and how many in a row it was not; see learn-reading.ts. */
export const suspectFor = layout.bytes(1);
export const suspectRows = layout.bytes(1);
/** Flagged episodes, up to as many as are kept, and the readings between the beginnings of the newest ones. */
export const episodesSeen = layout.bytes(1);
export const episodeGaps = layout.bytes(episodesKept - 1);
/** How rare errors of the model's expectation are; belongs to the model version. */
export const forecastPart = layout.part(rareValuesWords);
const headWords = layout.words;

/** Counters of two bytes and of one stop there. */
export const mostCounted = 65_535;
export const fewCounted = 255;

/** So long the expectation stands in for flagged values in windows; then windows show what is. */
export const distrustFor = 12;

/** A fault that goes on for this many readings is the new normal: no flagged reading is left out any longer. */
export const acceptAfter = 48;

/**
 * Clean rows that are kept, of which windows are made: as many as the longest window has, and twice as many without
 * habits, for then the thresholds of a version rest on what it makes of them. Powers of two.
 */
const cleanRows = 128;
const cleanRowsJudged = 256;
/**
 * Rows that are kept as they came, for units of one signal and of several. Powers of two. Before those, rows are known as
 * they were cleaned, which is as they came but for flagged and missing values; of one signal no value is missing.
 */
const rawRowsAlone = 16;
const rawRowsTogether = 32;
/** Marks of so many rows share a byte. */
export const rowsPerByte = 2;

/**
 * Where the parts of a unit of so many signals lie: what belongs to the unit, its newest rows as they came, what belongs
 * to each signal, what the members remember. Up to there units with habits and without are the same. Clean rows and
 * their marks follow, and the errors of windows if there is to be something against which to judge them.
 */
export class UnitShape {
  readonly width: number;
  /** What is known of each signal as a counter. */
  readonly counters: number;
  readonly rawRows: number;
  readonly raw: number;
  readonly signals: number;
  /** What looks at several signals together; `null` for units of one. */
  readonly wide: WideMembers | null;
  /** What the members remember: solo ones or wide ones. */
  readonly members: number;
  /** Words that are the same with habits and without. */
  readonly sameWords: number;
  readonly cleanRows: number;
  /** Index of the first byte. */
  readonly marks: number;
  readonly clean: number;
  /** Errors of whole windows, which belong to the model version; `null` with habits, where nobody asks for them. */
  readonly windowErrors: number | null;
  readonly words: number;

  constructor(width: number, habits: boolean) {
    this.width = width;
    const parts = new Layout();
    parts.partWithDoubles(headWords);
    this.counters = parts.partWithDoubles(width * counterWords);
    this.rawRows = width === 1 ? rawRowsAlone : rawRowsTogether;
    this.raw = parts.floats(this.rawRows * width);
    this.signals = parts.partWithDoubles(width * signalWords);
    this.wide = width === 1 ? null : new WideMembers(width);
    this.members = parts.partWithDoubles(this.wide?.words ?? soloMembersWords);
    this.sameWords = parts.words;
    this.cleanRows = habits ? cleanRows : cleanRowsJudged;
    this.marks = parts.bytes(this.cleanRows / rowsPerByte);
    this.clean = parts.floats(this.cleanRows * width);
    this.windowErrors = habits ? null : parts.part(errorHistogramWords);
    this.words = parts.words;
  }
}
