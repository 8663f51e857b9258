import { Layout } from '../state/layout.ts';
import { errorHistogramWords } from './error-histogram.ts';
import { flatLineWords } from './flat-line.ts';
import { localDeviationsWords } from './local-deviations.ts';
import { robustScaleWords } from './robust-scale.ts';

// What is remembered of each signal of a unit, besides its recent values. A new component goes here. The order puts what
// every reading needs side by side: histograms end with it, the scale begins with it.

const layout = new Layout();
/** Errors of the newest row; belongs to the model version. */
export const rowErrorsPart = layout.part(errorHistogramWords);
export const flatLinePart = layout.part(flatLineWords);
export const deviationsPart = layout.part(localDeviationsWords);
export const scalePart = layout.partWithDoubles(robustScaleWords);
export const signalWords = layout.words;
