import { markdownTable, shown } from '../markdown-table.ts';
import { type OperatorFigures, type PhaseFigures, sum } from './operator-figures.ts';

/** The figures in Markdown. */
export function operatorTable(figures: OperatorFigures): string {
  const { options, programs, cold, reactions, idle, traffic } = figures;
  const percent = (share: number): string => `${shown(share * 100, 1)} %`;
  const phase = (name: string, one: PhaseFigures): string[] => [
    name,
    String(sum(one.writes)),
    shown(one.reconciles / (one.minutes * 60), 1),
    String(one.failures),
    percent(one.cpu),
    `${shown(one.memory, 0)} MiB`,
    percent(one.inLineWithin10Ms),
    percent(one.lookedWithin100Ms),
  ];
  return [
    `${options.pools} pools and models in ${options.namespaces} namespaces, ${figures.pods} pods, ${options.partitions} partitions; ${programs.cpu}, ${programs.cores} cores for everything; Node ${programs.node}.`,
    markdownTable(
      ['', ''],
      [
        [
          'from custom resources alone until everything runs and is told',
          `${shown(figures.fromNothing, 0)} s`,
        ],
        ['cold start: all caches filled', `${shown(cold.caches, 1)} s`],
        ['cold start: every pool and model looked at', `${shown(cold.looked, 1)} s`],
        ['writes of the cold start', String(sum(figures.coldWrites))],
        [
          `a pool is scaled → its Deployment is, p50 / p99 of ${reactions.count}${reactions.missed > 0 ? ` (${reactions.missed} never)` : ''}`,
          `${shown(reactions.p50, 0)} / ${shown(reactions.p99, 0)} ms`,
        ],
        ['clean stop', `${shown(figures.stopMs / 1000, 1)} s`],
        ['operators that lost the lead to an API server that was too slow', String(figures.restarts)],
      ],
    ),
    markdownTable(
      ['', 'writes', 'looks/s', 'failed', 'one core', 'memory', 'in line ≤ 10 ms', 'looks ≤ 100 ms'],
      [phase(`${idle.minutes} min idle`, idle), phase(`${traffic.minutes} min traffic`, traffic)],
    ),
    `Writes with traffic: ${listed(traffic.writes)}. Writes when idle: ${listed(idle.writes)}. Writes of the cold start: ${listed(figures.coldWrites)}.`,
  ].join('\n\n');
}

function listed(writes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(writes).map(([what, count]) => `${count} ${what}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}
