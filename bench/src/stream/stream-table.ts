import { markdownTable, shown } from '../markdown-table.ts';
import type { StreamReport } from './measure-stream.ts';
import type { Measured } from './measured.ts';
import { takeoverTables } from './takeover-table.ts';

const parts = ['client', 'gateway', 'hub', 'detectors', 'database'];
const megabyte = 1e6;

/** The report as people read it. */
export function streamTables({ path, latency, growth, detectors, takeover }: StreamReport): string {
  const tables: string[] = [];
  if (path !== undefined)
    tables.push(
      rates([
        ['HTTP to hub', path.intake],
        ['hub to commit (backlog)', path.fromHub],
        ['HTTP to commit', path.whole],
      ]),
    );
  if (latency !== undefined)
    tables.push(
      markdownTable(
        ['load', 'readings/s', 'anomaly p50 ms', 'p99 ms', 'anomalies', 'not told', 'POST p50 ms', 'p99 ms'],
        latency.map((one) => [
          `${Math.round(100 * one.share)} %`,
          ...[shown(one.perSecond, 0), shown(one.anomaly.p50, 0), shown(one.anomaly.p99, 0)],
          ...[String(one.anomaly.count), String(one.untold)],
          ...[shown(one.answer.p50, 0), shown(one.answer.p99, 0)],
        ]),
      ),
    );
  if (growth !== undefined)
    tables.push(
      rates(
        growth.flatMap(({ series, fromHub, whole }) => [
          [`${series} series, backlog`, fromHub] as const,
          [`${series} series, whole path`, whole] as const,
        ]),
      ),
      markdownTable(
        [
          'series',
          'detector MB',
          'gateway MB',
          'snapshots MB',
          'bytes per series',
          's per snapshot',
          'taken',
        ],
        growth.map(({ series, whole, snapshots }) => [
          String(series),
          shown((whole.residentBytes.detectors ?? Number.NaN) / megabyte, 0),
          shown((whole.residentBytes.gateway ?? Number.NaN) / megabyte, 0),
          shown(snapshots.bytes / megabyte, 1),
          shown(snapshots.bytes / series, 0),
          shown(snapshots.secondsEach, 3),
          String(snapshots.taken),
        ]),
      ),
    );
  if (detectors !== undefined) {
    tables.push(
      rates(detectors.map((one) => [`${one.detectors} detector(s), backlog`, one.fromHub] as const)),
    );
    const [one, two] = detectors;
    if (one !== undefined && two !== undefined)
      tables.push(
        `Efficiency of two detectors: ${shown((100 * two.fromHub.perSecond) / one.fromHub.perSecond / 2, 0)} % by readings/s here, ` +
          `${shown((100 * (one.fromHub.cpuMicros.detectors ?? 0)) / (two.fromHub.cpuMicros.detectors ?? 1), 0)} % by CPU time.`,
      );
  }
  if (takeover !== undefined) tables.push(takeoverTables(takeover));
  return tables.join('\n\n');
}

function rates(rows: readonly (readonly [string, Measured])[]): string {
  const heading = [
    'stage',
    'readings',
    'readings/s',
    ...parts.map((part) => `${part} µs`),
    'all µs',
    'per detector core',
  ];
  return markdownTable(
    heading,
    rows.map(([name, one]) => [
      name,
      String(one.readings),
      shown(one.perSecond, 0),
      ...parts.map((part) => cost(one, part)),
      shown(one.totalMicros, 1),
      one.cpuMicros.detectors === undefined || one.cpuMicros.detectors === 0
        ? '–'
        : shown(one.perDetectorCore, 0),
    ]),
  );
}

/** CPU time of a part, and its share of all of it. */
function cost({ cpuMicros, totalMicros }: Measured, part: string): string {
  const micros = cpuMicros[part] ?? 0;
  return `${shown(micros, 2)} (${shown((100 * micros) / totalMicros, 0)} %)`;
}
