import { bestNabScore, type NabFile, type NabProfile, nabProfiles, nabScore } from '../scorers/nab-score.ts';
import { type Without, withoutEach } from './cross-check.ts';
import type { NabSeries } from './measure-nab.ts';
import {
  type FixedScores,
  fixedScores,
  type NabSummary,
  type QuietFigures,
  quietOf,
  scored,
  summaryOf,
} from './nab-summary.ts';

/** Scores of one set of files in one profile. */
export interface NabScores extends FixedScores {
  /** Every reading from the best single threshold on; chosen on the labels of all series. */
  readonly best: number;
  /** The threshold of each category chosen on the labels of all others. */
  readonly leaveOneOut: number;
}

/** One profile. */
interface ProfileReport {
  readonly all: NabScores;
  readonly bestThreshold: number;
}

/** What the table says about the benchmark. */
export interface NabReport extends Omit<NabSummary, 'scores' | 'quiet'> {
  readonly series: number;
  readonly windows: number;
  readonly profiles: Readonly<Record<NabProfile['name'], ProfileReport>>;
  /** Of categories with windows; standard profile. */
  readonly categories: Readonly<Record<string, NabScores>>;
  /** Threshold chosen without a category's labels; standard profile. */
  readonly thresholdsWithout: Readonly<Record<string, number>>;
  /** Of series without any window, and of all stretches without labels. */
  readonly quiet: Readonly<Record<'withoutWindows' | 'outsideWindows', QuietFigures>>;
  /** The same figures without each category. */
  readonly without: Without<NabSummary>;
  /** Of series without any window, without each of them. */
  readonly quietWithout: Without<QuietFigures>;
  readonly cpuMsPerReading: number;
}

export function reportNab(measured: readonly NabSeries[]): NabReport {
  const byCategory = Map.groupBy(measured, ({ category }) => category);
  const labelled = [...byCategory].filter(([, series]) => series.some(({ windows }) => windows.length > 0));
  const { scores, quiet, ...summary } = summaryOf(measured);
  const left = nabProfiles.map((profile) => [profile, leaveOneOut(byCategory, profile)] as const);
  const profiles = Object.fromEntries(
    left.map(([profile, { all: score }]) => {
      const best = bestNabScore(measured.map(scored), profile);
      const all = { ...scores[profile.name], best: best.score, leaveOneOut: score };
      return [profile.name, { all, bestThreshold: best.threshold }];
    }),
  ) as NabReport['profiles'];
  const [standard, byOthers] = left[0] ?? [];
  const categoryScores = (name: string, series: readonly NabSeries[]): NabScores => {
    if (standard === undefined) throw new RangeError('the benchmark has no profile');
    return {
      ...fixedScores(series, standard),
      best: nabScore(series.map(scored), profiles.standard.bestThreshold, standard),
      leaveOneOut: byOthers?.scores[name] ?? Number.NaN,
    };
  };
  const still = [...byCategory.values()].filter((all) => all.every(hasNoWindow)).flat();
  return {
    series: measured.length,
    windows: measured.reduce((sum, { windows }) => sum + windows.length, 0),
    profiles,
    categories: Object.fromEntries(labelled.map(([name, series]) => [name, categoryScores(name, series)])),
    thresholdsWithout: byOthers?.thresholds ?? {},
    ...summary,
    quiet: { withoutWindows: quietOf(still), outsideWindows: quiet },
    without: withoutEach(measured, ({ category }) => [category], summaryOf),
    quietWithout: withoutEach(still, ({ name }) => [name], quietOf),
    cpuMsPerReading: sum(measured, ({ cpuMs }) => cpuMs) / sum(measured, ({ rows }) => rows),
  };
}

function hasNoWindow({ windows }: NabSeries): boolean {
  return windows.length === 0;
}

/** Each category scored at the threshold that is best for all others. */
function leaveOneOut(byCategory: ReadonlyMap<string, readonly NabSeries[]>, profile: NabProfile) {
  const files: NabFile[] = [];
  const thresholds: Record<string, number> = {};
  const scores: Record<string, number> = {};
  for (const [name, series] of byCategory) {
    const others = [...byCategory].flatMap(([other, all]) => (other === name ? [] : all.map(scored)));
    const { threshold } = bestNabScore(others, profile);
    thresholds[name] = threshold;
    scores[name] = nabScore(series.map(scored), threshold, profile);
    // Scores of different thresholds become comparable as 1 = detected.
    for (const file of series.map(scored))
      files.push({ ...file, score: file.score.map((value) => (value >= threshold ? 1 : 0)) });
  }
  return { all: nabScore(files, 1, profile), thresholds, scores };
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
