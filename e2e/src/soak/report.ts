import { quantile } from './journal.ts';
import type { SoakReport } from './run-soak.ts';

/** What must not be, in words; empty when everything holds. */
export function violationsOf(report: SoakReport): string[] {
  const found = Object.entries(report.violations)
    .filter(([, count]) => count !== 0)
    .map(([name, count]) => `${name}: ${count}`);
  if (report.readings === 0 || report.anomalies === 0 || report.takeovers.length === 0)
    found.push('nothing happened that could be compared');
  return found;
}

/** The figures as people read them; the last line has those that matter. */
export function reportLines(report: SoakReport): string[] {
  const lines = (named: Readonly<Record<string, number>>) =>
    Object.entries(named).map(([name, count]) => `${name.padEnd(44)} ${count}`);
  const faults = Object.entries(report.faults).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '',
    ...lines(Object.fromEntries(faults)),
    '',
    ...['SIGTERM', 'SIGKILL', 'SIGSTOP', 'other'].map((cause) => takeoverLine(report, cause)),
    '',
    ...lines({
      'readings compared': report.readings,
      anomalies: report.anomalies,
      'readings kept quiet': report.quieted,
      'changes of version, shadow or memory': report.swaps,
      ...report.counts,
      'largest difference of scores': report.largestScoreDifference,
    }),
    '',
    ...report.crashes.map((why) => `ended by itself: ${why}`),
    ...lines(report.violations),
    '',
    lastLine(report),
  ];
}

function takeoverLine({ takeovers }: SoakReport, wanted: string): string {
  const those = takeovers.filter(({ cause }) => cause === wanted);
  const figures = (some: typeof those) => {
    const times = some.map(({ tookMs }) => tookMs);
    return `${times.length}, p50 ${seconds(times, 0.5)}, p99 ${seconds(times, 0.99)}`;
  };
  const name = wanted === 'other' ? 'other reasons' : wanted;
  return `takeovers after ${name}: ${figures(those)}; with nothing else wrong: ${figures(those.filter(({ alone }) => alone))}`;
}

function lastLine(report: SoakReport): string {
  const { violations, takeovers, faults, counts } = report;
  const sum = (...names: string[]) => names.reduce((total, name) => total + (violations[name] ?? 0), 0);
  const sent = (signal: string) =>
    Object.entries(faults).reduce((total, [name, count]) => total + (name.startsWith(signal) ? count : 0), 0);
  const times = takeovers.map(({ tookMs }) => tookMs);
  const found = violationsOf(report);
  return [
    `soak: seed ${report.seed}, ${report.minutes.toFixed(1)} min`,
    `${sent('SIGKILL')} kills, ${sent('SIGTERM')} stops, ${sent('SIGSTOP')} freezes`,
    `${Object.values(faults).reduce((total, count) => total + count, 0)} faults`,
    `${counts.redeliveries} redeliveries`,
    `${times.length} takeovers p50 ${seconds(times, 0.5)} p99 ${seconds(times, 0.99)}`,
    `${report.readings} readings`,
    `lost ${sum('readings lost', 'anomalies lost', 'changes never told', 'anomalies not told to the client')}`,
    `duplicates ${sum('readings committed twice', 'duplicates shown to the client', 'anomalies too many')}`,
    `order violations ${sum('readings twice or out of order', 'told out of order', 'commits of an old owner')}`,
    `scores that differ ${sum('scores that differ')}`,
    found.length === 0 ? 'HOLDS' : `VIOLATED: ${found.join('; ')}`,
  ].join(', ');
}

function seconds(times: readonly number[], share: number): string {
  const value = quantile(times, share);
  return value === null ? '–' : `${(value / 1000).toFixed(1)} s`;
}
