import { addEvents, type EventCounts, type EventFigures, eventFigures, noEvents } from '../scorers/events.ts';
import { type NabFile, type NabProfile, nabProfiles, nabScore } from '../scorers/nab-score.ts';
import type { NabSeries } from './measure-nab.ts';

/** The product's own border: the first number above it counts. */
export const defaultThreshold = 0.5 + Number.EPSILON;

/** Scores that need no threshold chosen with labels. */
export interface FixedScores {
  /** Each alarm a detection: the product's default threshold, with merging and rest. */
  readonly default: number;
  readonly largestStep: number;
}

/** Per 1,000 readings. */
export interface QuietFigures {
  readonly readings: number;
  readonly alarms: number;
}

/** What can be said of any number of series, with nothing chosen on their labels. */
export interface NabSummary {
  readonly scores: Readonly<Record<NabProfile['name'], FixedScores>>;
  /** Series measured in the real world, by the names of their folders. */
  readonly realEvents: EventFigures;
  readonly realEventsByLargestStep: EventFigures;
  /** Stretches outside of windows and the probation. */
  readonly quiet: QuietFigures;
}

export function summaryOf(series: readonly NabSeries[]): NabSummary {
  const real = series.filter(({ category }) => category.startsWith('real'));
  return {
    scores: Object.fromEntries(
      nabProfiles.map((profile) => [profile.name, fixedScores(series, profile)]),
    ) as NabSummary['scores'],
    realEvents: eventFigures(sumEvents(real.map(({ events }) => events))),
    realEventsByLargestStep: eventFigures(sumEvents(real.map(({ stepEvents }) => stepEvents))),
    quiet: quietOf(series),
  };
}

export function fixedScores(series: readonly NabSeries[], profile: NabProfile): FixedScores {
  const steps = series.map(({ largestStep }) => largestStep);
  return {
    default: nabScore(series.map(scored), defaultThreshold, profile),
    largestStep: nabScore(steps, 1, profile),
  };
}

export function scored({ scored: file }: NabSeries): NabFile {
  return file;
}

export function quietOf(series: readonly Pick<NabSeries, 'quiet'>[]): QuietFigures {
  const sum = (of: (one: NabSeries['quiet']) => number) =>
    series.reduce((total, { quiet }) => total + of(quiet), 0);
  const readings = sum((one) => one.readings);
  return { readings, alarms: (1000 * sum((one) => one.alarms)) / readings };
}

/** Sums of the events of several series. */
export function sumEvents(all: readonly EventCounts[]): EventCounts {
  return all.reduce(addEvents, noEvents);
}
