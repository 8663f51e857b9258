import { markdownTable, shown } from '../markdown-table.ts';
import type { EventFigures } from '../scorers/events.ts';
import type { MachinesReport } from './measure-machines.ts';
import type { NabReport, NabScores, QuietFigures } from './nab-report.ts';
import type { QualityReport } from './quality-report.ts';

/** The whole report as Markdown. */
export function qualityTable(report: QualityReport): string {
  const { model, signals, window, seed } = report.settings;
  const parts = [
    `Configuration of the engine: \`${report.configuration}\` (model ${model}, window ${window}, signals of machines ${signals}, seed ${seed}).`,
  ];
  if (report.nab !== null) parts.push(nabPart(report.nab));
  if (report.smd !== null) parts.push(machinesPart('SMD', report.smd));
  if (report.asd !== null) parts.push(machinesPart('ASD', report.asd));
  return parts.join('\n\n');
}

const rules: readonly (readonly [keyof NabScores, string])[] = [
  ['default', 'the product’s default threshold: each alarm (score above 0.5)'],
  ['best', 'best single threshold on the score; chosen with the labels of all series, in each profile'],
  ['leaveOneOut', 'threshold of each category chosen with the labels of all others'],
  ['largestStep', 'to compare: a rule that fires on each new largest step'],
];

function nabPart(nab: NabReport): string {
  const { profiles, categories, quiet } = nab;
  const [standard, lowFp, lowFn] = [
    profiles.standard,
    profiles.reward_low_FP_rate,
    profiles.reward_low_FN_rate,
  ];
  const scores = rules.map(([key, rule]) => [
    rule,
    ...[standard, lowFp, lowFn].map(({ all }) => shown(all[key], 1)),
  ]);
  const perCategory = Object.entries(categories).map(([name, one]) => [
    name,
    ...[one.default, one.best, one.largestStep].map((value) => shown(value, 1)),
    shown(nab.thresholdsWithout[name] ?? Number.NaN, 4),
  ]);
  return [
    `## NAB, ${nab.series} series, ${nab.windows} windows`,
    'NAB score (100 = perfect, 0 = silent), all series together:',
    markdownTable(['threshold rule', 'standard', 'low FP', 'low FN'], scores),
    `The best single threshold of the standard profile is ${shown(standard.bestThreshold, 4)}.`,
    'Standard profile per category:',
    markdownTable(
      ['category', 'default', 'best for all', 'largest step', 'best threshold of the others'],
      perCategory,
    ),
    'Events at the default threshold, series of folders named `real…` (an anomaly is right when it overlaps a window):',
    markdownTable(
      ['', 'precision', 'recall', 'F1'],
      [eventRow('engine', nab.realEvents), eventRow('each new largest step', nab.realEventsByLargestStep)],
    ),
    'On quiet data at the default threshold, per 1,000 readings:',
    quietTable([
      ['series without any window', quiet.withoutWindows],
      ['all stretches outside windows', quiet.outsideWindows],
    ]),
    `${shown(nab.cpuMsPerReading, 3)} ms of CPU per reading, reading of the files and training included.`,
  ].join('\n\n');
}

function machinesPart(name: string, set: MachinesReport): string {
  const { machines, mean, hitRates, quiet } = set;
  const rows = machines.map((one) => [
    one.name,
    shown(one.vusPr.engine, 3),
    shown(one.vusPr.mahalanobis, 3),
    shown(one.vusPr.pca, 3),
    shown(one.vusRoc, 3),
    `${one.events.found} of ${one.events.events}`,
    `${one.events.right} of ${one.events.anomalies}`,
    shown(one.figures.f1, 2),
    shown(one.cpuMsPerReading, 2),
  ]);
  const means = [mean.engine, mean.mahalanobis, mean.pca].map((value) => shown(value, 3));
  const { events, explained, told, readings } = hitRates;
  return [
    `## ${name}, ${machines.length} machines, part \`test\` alone`,
    `VUS-PR with windows up to ${set.window} (needs no threshold), beside two anchors frozen after 750 rows; events at the default threshold:`,
    markdownTable(
      [
        'machine',
        'engine',
        'robust row Mahalanobis',
        'whitened PCA',
        'VUS-ROC',
        'events found',
        'anomalies right',
        'F1',
        'CPU ms per reading',
      ],
      [...rows, ['mean', ...means, '', '', '', '', shown(set.cpuMsPerReading, 2)]],
    ),
    markdownTable(['events, all machines', 'precision', 'recall', 'F1'], [eventRow('engine', set.events)]),
    `Explanations of ${events} labelled events:`,
    markdownTable(
      ['ranking of the signals', 'events', 'HitRate@100 %', 'HitRate@150 %'],
      [
        [
          'shares told with anomalies, at their peaks',
          `${explained}`,
          shown(told.at100, 2),
          shown(told.at150, 2),
        ],
        [
          'distance from the expected band, mean over the event',
          `${events}`,
          shown(readings.at100, 2),
          shown(readings.at150, 2),
        ],
      ],
    ),
    'On stretches without labels at the default threshold, per 1,000 readings:',
    quietTable([['all machines', quiet]]),
  ].join('\n\n');
}

function eventRow(name: string, { precision, recall, f1 }: EventFigures): string[] {
  return [name, shown(precision, 2), shown(recall, 2), shown(f1, 2)];
}

function quietTable(rows: readonly (readonly [string, QuietFigures])[]): string {
  return markdownTable(
    ['', 'readings', 'alarms'],
    rows.map(([name, one]) => [name, String(one.readings), shown(one.alarms, 2)]),
  );
}
