import { type EventFigures, eventFigures } from '../scorers/events.ts';
import { bestNabScore, type NabFile, type NabProfile, nabProfiles, nabScore } from '../scorers/nab-score.ts';
import { type NabSeries, sumEvents } from './measure-nab.ts';

/** The product's own border: the first number above it counts. */
export const defaultThreshold = 0.5 + Number.EPSILON;

/** Scores of one set of files in one profile. */
export interface NabScores {
  /** Each alarm a detection: the product's default threshold, with merging and rest. */
  readonly default: number;
  /** Every reading from the best single threshold on; chosen on the labels of all series. */
  readonly best: number;
  /** The threshold of each category chosen on the labels of all others. */
  readonly leaveOneOut: number;
  readonly largestStep: number;
}

/** One profile. */
interface ProfileReport {
  readonly all: NabScores;
  readonly bestThreshold: number;
}

/** Scores that need no other category. */
type FixedScores = Omit<NabScores, 'leaveOneOut'>;

/** What the table says about the benchmark. */
export interface NabReport {
  readonly series: number;
  readonly windows: number;
  readonly profiles: Readonly<Record<NabProfile['name'], ProfileReport>>;
  /** Of categories with windows; standard profile. */
  readonly categories: Readonly<Record<string, FixedScores>>;
  /** Threshold chosen without a category's labels. */
  readonly thresholdsWithout: Readonly<Record<string, number>>;
  /** Series measured in the real world, by the names of their folders. */
  readonly realEvents: EventFigures;
  readonly realEventsByLargestStep: EventFigures;
  /** Per 1,000 readings, of series without any window, and of all stretches without labels. */
  readonly quiet: Readonly<Record<'withoutWindows' | 'outsideWindows', QuietFigures>>;
  readonly cpuMsPerReading: number;
}

/** Per 1,000 readings. */
export interface QuietFigures {
  readonly readings: number;
  readonly alarms: number;
}

export function reportNab(measured: readonly NabSeries[]): NabReport {
  const byCategory = Map.groupBy(measured, ({ category }) => category);
  const labelled = [...byCategory].filter(([, series]) => series.some(({ windows }) => windows.length > 0));
  const [standard] = nabProfiles;
  const profiles = Object.fromEntries(
    nabProfiles.map((profile) => {
      const best = bestNabScore(measured.map(scored), profile);
      const all = {
        ...scoresOf(measured, profile, best.threshold),
        leaveOneOut: leaveOneOut(byCategory, profile).score,
      };
      return [profile.name, { all, bestThreshold: best.threshold }];
    }),
  ) as NabReport['profiles'];
  const real = measured.filter(({ category }) => category.startsWith('real'));
  return {
    series: measured.length,
    windows: measured.reduce((sum, { windows }) => sum + windows.length, 0),
    profiles,
    categories: Object.fromEntries(
      labelled.map(([name, series]) => [
        name,
        standard === undefined ? null : scoresOf(series, standard, profiles.standard.bestThreshold),
      ]),
    ) as NabReport['categories'],
    thresholdsWithout: standard === undefined ? {} : leaveOneOut(byCategory, standard).thresholds,
    realEvents: eventFigures(sumEvents(real.map(({ events }) => events))),
    realEventsByLargestStep: eventFigures(sumEvents(real.map(({ stepEvents }) => stepEvents))),
    quiet: {
      withoutWindows: quietOf([...byCategory.values()].filter((all) => all.every(hasNoWindow)).flat()),
      outsideWindows: quietOf(measured),
    },
    cpuMsPerReading: sum(measured, ({ cpuMs }) => cpuMs) / sum(measured, ({ rows }) => rows),
  };
}

function scored({ scored: file }: NabSeries): NabFile {
  return file;
}

function hasNoWindow({ windows }: NabSeries): boolean {
  return windows.length === 0;
}

function scoresOf(series: readonly NabSeries[], profile: NabProfile, best: number): FixedScores {
  const files = series.map(scored);
  const steps = series.map(({ largestStep: file }) => file);
  return {
    default: nabScore(files, defaultThreshold, profile),
    best: nabScore(files, best, profile),
    largestStep: nabScore(steps, 1, profile),
  };
}

/** Each category scored at the threshold that is best for all others. */
function leaveOneOut(
  byCategory: ReadonlyMap<string, readonly NabSeries[]>,
  profile: NabProfile,
): { score: number; thresholds: Record<string, number> } {
  const files: NabFile[] = [];
  const thresholds: Record<string, number> = {};
  for (const [name, series] of byCategory) {
    const others = [...byCategory].flatMap(([other, all]) => (other === name ? [] : all.map(scored)));
    const { threshold } = bestNabScore(others, profile);
    thresholds[name] = threshold;
    // Scores of different thresholds become comparable as 1 = detected.
    for (const file of series.map(scored))
      files.push({ ...file, score: file.score.map((value) => (value >= threshold ? 1 : 0)) });
  }
  return { score: nabScore(files, 1, profile), thresholds };
}

function quietOf(series: readonly NabSeries[]): QuietFigures {
  const readings = sum(series, ({ quiet }) => quiet.readings);
  const per = (count: number) => (1000 * count) / readings;
  return {
    readings,
    alarms: per(sum(series, ({ quiet }) => quiet.alarms)),
  };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
