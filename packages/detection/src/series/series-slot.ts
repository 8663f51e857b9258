import { Layout } from '../state/layout.ts';
import { seriesWords } from './series-times.ts';

// What lies in a series' own slot: first what is part of its state ({@link seriesWords}), then where things are found in
// this process, which no snapshot holds.

const layout = new Layout();
layout.partWithDoubles(seriesWords);
/** Number of the call that it was part of last, and its place in that one. */
export const callAt = layout.counters();
export const placeAt = layout.counters();
/** Who follows its changes; see `SeriesBook.watch`. */
export const watcherAt = layout.counters();
/** Number of its one unit, from 1; 0 = none yet, −1 = it has several. */
export const unitAt = layout.counters();
/** Number of the name of its one unit. */
export const nameAt = layout.counters();
export const seriesSlotWords = 2 * Math.ceil(layout.words / 2);
