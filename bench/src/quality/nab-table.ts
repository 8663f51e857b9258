import { markdownTable, shown } from '../markdown-table.ts';
import { type NabProfile, nabProfiles } from '../scorers/nab-score.ts';
import { shownRange } from './cross-check.ts';
import type { NabReport } from './nab-report.ts';
import type { FixedScores } from './nab-summary.ts';
import { eventHeading, eventRow, quietHeading, quietRow } from './report-rows.ts';

const profileNames: Record<NabProfile['name'], string> = {
  standard: 'standard',
  reward_low_FP_rate: 'low FP',
  reward_low_FN_rate: 'low FN',
};

/** The benchmark's part of the report, as Markdown. */
export function nabPart(nab: NabReport): string {
  const { profiles, quiet, without } = nab;
  return [
    `## NAB, ${nab.series} series, ${nab.windows} windows`,
    'NAB score (100 = perfect, 0 = silent), all series together; beside the best single threshold: each category judged by the threshold that is best for all others:',
    markdownTable(
      ['threshold rule', ...nabProfiles.flatMap(({ name }) => [profileNames[name], 'cross-check'])],
      [
        fixedRow(nab, 'the product’s default threshold: each alarm (score above 0.5)', 'default'),
        [
          'best single threshold on the score; chosen with the labels of all series, in each profile',
          ...nabProfiles.flatMap(({ name }) => {
            const { best, leaveOneOut } = profiles[name].all;
            return [shown(best, 1), shown(leaveOneOut, 1)];
          }),
        ],
        fixedRow(nab, 'to compare: a rule that fires on each new largest step', 'largestStep'),
      ],
    ),
    `The best single threshold of the standard profile is ${shown(profiles.standard.bestThreshold, 4)}.`,
    'Standard profile per category:',
    categoryTable(nab),
    'Events at the default threshold, series of folders named `real…` (an anomaly is right when it overlaps a window):',
    markdownTable(
      ['', ...eventHeading],
      [
        eventRow('engine', nab.realEvents, without, ({ realEvents }) => realEvents),
        eventRow(
          'each new largest step',
          nab.realEventsByLargestStep,
          without,
          ({ realEventsByLargestStep }) => realEventsByLargestStep,
        ),
      ],
    ),
    'On quiet data at the default threshold, per 1,000 readings (series without any window: each of them left out in turn):',
    markdownTable(quietHeading, [
      quietRow('series without any window', quiet.withoutWindows, nab.quietWithout, (one) => one),
      quietRow(
        'all stretches outside windows',
        quiet.outsideWindows,
        without,
        ({ quiet: outside }) => outside,
      ),
    ]),
    `${shown(nab.cpuMsPerReading, 3)} ms of CPU per reading, reading of the files and training included.`,
  ].join('\n\n');
}

function fixedRow({ profiles, without }: NabReport, rule: string, key: keyof FixedScores): string[] {
  return [
    rule,
    ...nabProfiles.flatMap(({ name }) => [
      shown(profiles[name].all[key], 1),
      shownRange(without, ({ scores }) => scores[name][key], 1),
    ]),
  ];
}

function categoryTable({ categories, thresholdsWithout }: NabReport): string {
  return markdownTable(
    ['category', 'default', 'best for all', 'best for the others', 'which is the threshold', 'largest step'],
    Object.entries(categories).map(([name, one]) => [
      name,
      ...[one.default, one.best, one.leaveOneOut].map((value) => shown(value, 1)),
      shown(thresholdsWithout[name] ?? Number.NaN, 4),
      shown(one.largestStep, 1),
    ]),
  );
}
