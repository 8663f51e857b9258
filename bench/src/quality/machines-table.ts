import { markdownTable, shown } from '../markdown-table.ts';
import { shownRange } from './cross-check.ts';
import type { HitRates } from './explanation.ts';
import type { MachinesSummary } from './machines-summary.ts';
import type { MachinesReport } from './measure-machines.ts';
import { eventHeading, eventRow, quietHeading, quietRow, withRange } from './report-rows.ts';

/** One set's part of the report, as Markdown. */
export function machinesPart(name: string, set: MachinesReport): string {
  const { machines, without, hitRates } = set;
  return [
    `## ${name}, ${machines.length} machines, part \`test\` alone`,
    `VUS-PR with windows up to ${set.window} (needs no threshold), beside two anchors frozen after 750 rows; events at the default threshold:`,
    machineTable(set),
    markdownTable(
      ['events, all machines', ...eventHeading],
      [eventRow('engine', set.events, without, ({ events }) => events)],
    ),
    `Explanations of ${hitRates.events} labelled events:`,
    markdownTable(
      ['ranking of the signals', 'events', 'HitRate@100 %', 'cross-check', 'HitRate@150 %', 'cross-check'],
      [
        hitRow('shares told with anomalies, at their peaks', hitRates.explained, set, 'told'),
        hitRow('distance from the expected band, mean over the event', hitRates.events, set, 'readings'),
      ],
    ),
    'On stretches without labels at the default threshold, per 1,000 readings:',
    markdownTable(quietHeading, [quietRow('all machines', set.quiet, without, ({ quiet }) => quiet)]),
  ].join('\n\n');
}

function machineTable({ machines, mean, without, cpuMsPerReading }: MachinesReport): string {
  const rows = machines.map((one) => [
    one.name,
    ...[one.vusPr.engine, one.vusPr.mahalanobis, one.vusPr.pca, one.vusRoc].map((value) => shown(value, 3)),
    `${one.events.found} of ${one.events.events}`,
    `${one.events.right} of ${one.events.anomalies}`,
    shown(one.figures.f1, 2),
    shown(one.cpuMsPerReading, 2),
  ]);
  const each = (of: (key: keyof MachinesSummary['mean']) => string) =>
    (['engine', 'mahalanobis', 'pca'] as const).map(of);
  return markdownTable(
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
    [
      ...rows,
      ['mean', ...each((key) => shown(mean[key], 3)), '', '', '', '', shown(cpuMsPerReading, 2)],
      ['cross-check', ...each((key) => shownRange(without, (one) => one.mean[key], 3)), '', '', '', '', ''],
    ],
  );
}

function hitRow(
  ranking: string,
  events: number,
  { hitRates, without }: MachinesReport,
  key: 'told' | 'readings',
): string[] {
  const cells = (part: keyof HitRates['told']) =>
    withRange(hitRates[key][part], without, (one) => one.hitRates[key][part], 2);
  return [ranking, String(events), ...cells('at100'), ...cells('at150')];
}
