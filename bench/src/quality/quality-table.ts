import type { LatencyFigures } from '../engine/measure-latency.ts';
import { markdownTable, shown } from '../markdown-table.ts';
import { machinesPart } from './machines-table.ts';
import { nabPart } from './nab-table.ts';
import type { QualityReport } from './quality-report.ts';

/** The whole report as Markdown. */
export function qualityTable(report: QualityReport): string {
  const { model, signals, window, seed } = report.settings;
  const parts = [
    `Configuration of the engine: \`${report.configuration}\` (model ${model}, window ${window}, signals of machines ${signals}, seed ${seed}).`,
    'A cross-check stands beside each figure: from the lowest to the highest that it gets when any one part is left out, a category of NAB, or a machine (where machines come in groups, a whole group too).',
  ];
  if (report.nab !== null) parts.push(nabPart(report.nab));
  if (report.smd !== null) parts.push(machinesPart('SMD', report.smd));
  if (report.asd !== null) parts.push(machinesPart('ASD', report.asd));
  parts.push(latencyPart(report.latency, model === 'built-in'));
  return parts.join('\n\n');
}

function latencyPart(cases: readonly LatencyFigures[], withoutNet: boolean): string {
  const net = withoutNet ? '' : ' and with the net asked for it alone';
  return [
    '## Milliseconds per reading',
    `One series (made, not labelled), each reading in a call of its own${net}, from the call to the answer:`,
    markdownTable(
      ['', 'readings', 'p50', 'p99', 'p50, CPU time', 'p99, CPU time'],
      cases.map(({ name, readings, clock, cpu }) => [
        name,
        String(readings),
        ...[clock.p50, clock.p99, cpu.p50, cpu.p99].map((ms) => shown(ms, 3)),
      ]),
    ),
  ].join('\n\n');
}
