import {
  type PartitionView,
  type PoolView,
  type RolloutSpec,
  type RolloutState,
  type ShadowTotals,
  shadowsOfInterest,
  shadowTotals,
} from '@verdict/contracts';
import { clipped, fittingTable, shownNumber, shownTime } from '../table.ts';

/** Analyses and events that are shown at most. */
const mostShown = 10;

/** Where a pool's rollout stands, as text in paragraphs. */
export function rolloutPage(pool: PoolView): string {
  const { state, events, commands } = pool.rollout;
  const analyses = state?.analyses.slice(-mostShown) ?? [];
  return [
    [`${pool.name} (model ${pool.spec.model}): ${phaseText(state, pool.spec.rollout)}`, ...notes(state)].join(
      '\n',
    ),
    partitionsTable(pool.partitions),
    ...shadowLines(pool),
    ...(analyses.length === 0
      ? []
      : [
          fittingTable(
            ['ANALYSIS (UTC)', 'OUTCOME', 'WHY'],
            analyses.map(({ atMs, passed, reasons }) => [
              shownTime(new Date(atMs).toISOString()),
              passed ? 'passed' : 'FAILED',
              reasons.join('; '),
            ]),
          ),
        ]),
    ...(events.length === 0
      ? []
      : [
          fittingTable(
            ['EVENT (UTC)', 'REASON', 'MESSAGE'],
            events.slice(-mostShown).map(({ at, reason, message }) => [shownTime(at), reason, message]),
          ),
        ]),
    ...(commands.length === 0
      ? []
      : [`Waiting to be obeyed: ${commands.map((command) => command.kind).join(', ')}`]),
  ].join('\n\n');
}

/** The phase as a sentence without its full stop. */
function phaseText(state: RolloutState | null, spec: RolloutSpec): string {
  if (state === null) return 'no rollout yet';
  const { phase, champion, candidate, step, chosen } = state;
  if (phase === 'shadow') return `version ${candidate} is scored in the shadow of version ${champion}`;
  if (phase === 'step') {
    const percent = Math.round((spec.steps[step]?.share ?? 1) * 100);
    return `version ${candidate} against version ${champion}, step ${step + 1} of ${spec.steps.length} (${percent} %: partitions ${chosen.join(', ')})`;
  }
  if (phase === 'done') return `version ${champion} serves, its rollout is done`;
  if (phase === 'aborted') return `version ${champion} serves again, the last rollout was taken back`;
  return `version ${champion} serves, no rollout is on its way`;
}

function notes(state: RolloutState | null): string[] {
  if (state === null) return [];
  const { paused, lastAbort, aborted } = state;
  const lines: string[] = [];
  if (paused !== null) {
    const by = paused.by === 'spec' ? 'the spec of the pool' : 'command';
    lines.push(`paused by ${by} since ${shownTime(new Date(paused.sinceMs).toISOString())}`);
  }
  if (lastAbort !== null)
    lines.push(
      clipped(
        `version ${lastAbort.version} was taken back ${shownTime(new Date(lastAbort.atMs).toISOString())}: ${lastAbort.reason}`,
      ),
    );
  if (aborted.length > 0) lines.push(`never tried again by themselves: versions ${aborted.join(', ')}`);
  return lines;
}

/** What versions that are scored beside others make of the same readings. */
function shadowLines({ partitions, rollout }: PoolView): string[] {
  const totals = shadowsOfInterest(shadowTotals(partitions), rollout.state?.candidate ?? null);
  return totals.length === 0
    ? []
    : [
        totals
          .flatMap(shadowText)
          .map((line) => clipped(line))
          .join('\n'),
      ];
}

function shadowText({ version, shadow, ...figures }: ShadowTotals): string[] {
  const { readings, disagreements, served, would, errors, drops, trouble } = figures;
  const rate = (count: number) => shownNumber(readings > 0 ? (1000 * count) / readings : null);
  return [
    `shadow: version ${shadow} beside ${version}, ${disagreements} of ${readings} readings judged differently,`,
    `  ${rate(would.anomalies)} vs ${rate(served.anomalies)} would-be anomalies per 1000`,
    ...(errors + drops > 0 ? [`  let go ${errors + drops} times, last: ${trouble}`] : []),
  ];
}

function partitionsTable(partitions: readonly PartitionView[]): string {
  if (partitions.length === 0) return 'No partition is known yet.';
  return fittingTable(
    [
      'PARTITION',
      'SERVES',
      'PLANNED',
      'READINGS',
      'ANOMALIES/1000',
      'ALARMS/1000',
      'ERRORS',
      'LAG',
      'HOLDER',
    ],
    partitions.map((partition) => {
      const { version, planned, lagEvents, holder } = partition;
      const figures = partition.figures.find((each) => each.version === version);
      const perThousand = (count: number | undefined) =>
        shownNumber(
          figures && count !== undefined && figures.readings > 0 ? (1000 * count) / figures.readings : null,
        );
      return [
        partition.partition,
        version === null ? '-' : `v${version}`,
        `v${planned.version}${planned.shadow === null ? '' : ` + v${planned.shadow}`}`,
        String(figures?.readings ?? 0),
        perThousand(figures?.anomalies),
        perThousand(figures?.alarms),
        String(figures?.errors ?? 0),
        shownNumber(lagEvents),
        holder ?? '-',
      ];
    }),
  );
}
