import type { ChartRun, CompactionRun, TrainingRead } from './measure-history.ts';

export interface HistoryFigures {
  /** What was played. */
  readonly source: string;
  readonly days: number;
  readonly before: { readonly readings: number; readonly chunks: number; readonly bytes: number };
  readonly compaction: CompactionRun;
  readonly after: { readonly series: number; readonly readings: number; readonly bytes: number };
  readonly chart: ChartRun;
  readonly training: TrainingRead;
}

/** The figures as a table of Markdown; CPU time is that of all processes that were at work. */
export function historyTable(figures: HistoryFigures): string {
  const { before, compaction, after, chart, training } = figures;
  const rows: [string, string, string, string][] = [
    ['series played', `${after.series}: ${figures.source}, ${figures.days} days`, '', ''],
    [
      'fresh chunks, bytes per reading',
      (before.bytes / before.readings).toFixed(2),
      `${whole(before.readings)} readings in ${whole(before.chunks)} chunks`,
      '',
    ],
    [
      'compacted, bytes per reading',
      (after.bytes / after.readings).toFixed(2),
      `${whole(after.readings)} readings in ${whole(after.bytes / 1024)} KiB, all tables and indexes of history`,
      '',
    ],
    [
      'compaction, readings/s',
      whole(compaction.readings / compaction.seconds),
      `${compaction.steps} transactions, the longest ${compaction.slowestStepMs.toFixed(0)} ms`,
      `${compaction.cpuSeconds.toFixed(1)} s`,
    ],
    [
      'chart of 30 days, ms',
      `p50 ${chart.p50Ms.toFixed(1)}, p99 ${chart.p99Ms.toFixed(1)}`,
      `${whole(chart.readings)} readings, ${whole(chart.points)} points, asked of a gateway over HTTP`,
      `${chart.cpuMs.toFixed(1)} ms each`,
    ],
    [
      'training reads 14 days, s',
      training.seconds.toFixed(1),
      `${whole(training.series)} series, ${whole(training.readings)} readings`,
      `${training.cpuSeconds.toFixed(1)} s`,
    ],
  ];
  return [
    '| | measured | | CPU time |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en');
}
