import { markdownTable, shown } from '../markdown-table.ts';
import { percentile } from '../operator/percentile.ts';
import type { TakeoverFigures } from './measure-takeover.ts';
import type { SnapshotsOfAKind } from './snapshot-figures.ts';

const megabyte = 1e6;

/** Seconds between the last commit of the old owner and the first one of the new, and what snapshots cost. */
export function takeoverTables(takeovers: readonly TakeoverFigures[]): string {
  const gaps = markdownTable(
    [
      ...['series', 'readings/s', 'ended by', 'partitions', 'until claimed p50 s', 'max s'],
      ...['until the first commit p50 s', 'max s', 'CPU from claims to commits s'],
    ],
    takeovers.flatMap(({ series, rate, bySignal }) =>
      bySignal.map(({ signal, handovers, cpuMs }) => [
        ...[String(series), String(rate), signal, String(handovers.length)],
        ...seconds(handovers.map(({ unownedMs }) => unownedMs)),
        ...seconds(handovers.map(({ gapMs }) => gapMs)),
        shown(Math.max(...cpuMs) / 1000, 2),
      ]),
    ),
  );
  const snapshots = markdownTable(
    [
      ...['series', 'a restore reads MB', 'bytes per series'],
      ...['whole ones', 'KB each', 'ms each', 'changes', 'KB each', 'ms each'],
    ],
    takeovers.map(({ series, snapshots: { bytes, whole, changes } }) => [
      ...[String(series), shown(bytes / megabyte, 1), shown(bytes / series, 0)],
      ...ofKind(whole),
      ...ofKind(changes),
    ]),
  );
  return `${gaps}\n\n${snapshots}`;
}

function seconds(ms: readonly number[]): string[] {
  return [percentile(ms, 0.5), Math.max(...ms)].map((one) => shown(one / 1000, 2));
}

function ofKind({ taken, bytesEach, secondsEach }: SnapshotsOfAKind): string[] {
  return [String(taken), shown(bytesEach / 1000, 0), shown(1000 * secondsEach, 0)];
}
