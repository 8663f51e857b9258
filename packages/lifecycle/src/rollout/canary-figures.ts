import type { FiguresAt, PoolView, RolloutState, VersionFigures } from '@verdict/contracts';
import { type PairedFigures, pairedFigures } from './paired-figures.ts';
import { inProgress } from './rollout-state.ts';

/** What one version did over some readings. */
export interface RunFigures {
  readonly readings: number;
  /** Anomalies opened. */
  readonly anomalies: number;
  /** Readings above the border. */
  readonly alarms: number;
  /** Readings that would have alarmed, had people not called their like false alarms. */
  readonly quieted: number;
  /** Times that scoring, or changing to the version, failed. */
  readonly errors: number;
}

/** What is known of a candidate since `RolloutState.analysedToMs`. */
export interface CanaryFigures {
  readonly fromMs: number;
  readonly toMs: number;
  /** How much of this time somebody watched, ms: what nobody served while everything was off is no fault. */
  readonly watchedMs: number;
  /** The candidate on the partitions it serves; in shadow, what it would have done on all of them. */
  readonly candidate: RunFigures;
  /** The champion on the same partitions in its own past; on all partitions where that is too short. */
  readonly past: RunFigures;
  /** The champion on the same readings, as the shadow or, in shadow, as the one that serves; null when unknown. */
  readonly beside: RunFigures | null;
  /** Of the readings of `beside`, those at which exactly one of the two alarms; null when unknown. */
  readonly disagreements: number | null;
  /** Why the candidate was let go in shadow; null when it was not, or serves. */
  readonly trouble: string | null;
  /**
   * How loud the stream is just now: the champion in the same time on the partitions left to it, or, where there are
   * none, the candidate in the analyses that it passed; null when unknown.
   */
  readonly lately: RunFigures | null;
  /** Readings that other versions scored in the candidate's place. */
  readonly scoredByOthers: number;
  /** Events of the candidate's partitions that wait to be scored. */
  readonly waitingEvents: number;
}

/** A shorter past of the champion says little of its rates. */
const fewestPastReadings = 1000;
/** Events that may be under way while all is well. */
const eventsUnderWay = 100;

/** The figures of all partitions of a pool as they are now. */
export function figuresAt(pool: Pick<PoolView, 'partitions'>, nowMs: number): FiguresAt {
  const partitions = pool.partitions.map(({ partition, figures }) => [partition, figures] as const);
  const shadows = pool.partitions.map((one) => [one.partition, one.shadows] as const);
  return {
    atMs: nowMs,
    partitions: Object.fromEntries(partitions),
    shadows: Object.fromEntries(shadows),
  };
}

/**
 * The figures from which the next analysis counts: taken anew whenever `analysedToMs` has moved, null while no
 * rollout is on its way. A partition that is not told of just now keeps its older ones.
 */
export function nextBaseline(
  state: RolloutState,
  before: FiguresAt | null,
  now: FiguresAt,
): FiguresAt | null {
  if (!inProgress(state)) return null;
  if (before?.atMs === state.analysedToMs) return before;
  return {
    atMs: state.analysedToMs,
    partitions: { ...before?.partitions, ...now.partitions },
    shadows: { ...before?.shadows, ...now.shadows },
  };
}

/**
 * Events that wait in each partition for the candidate. Where it is in force, some are always under way; where it is
 * not, each is one that it does not score.
 */
export function waitingFor(pool: Pick<PoolView, 'partitions'>, candidate: number): Record<string, number> {
  const waiting = pool.partitions.map(({ partition, version, lagEvents }) => {
    const allowed = version === candidate ? eventsUnderWay : 0;
    return [partition, Math.max(0, (lagEvents ?? 0) - allowed)] as const;
  });
  return Object.fromEntries(waiting);
}

/**
 * What the candidate did since the baseline, on the partitions that it serves or, in shadow, beside the champion on all
 * of them; null when the baseline is not that of `state.analysedToMs`.
 */
export function canaryFigures(request: {
  readonly state: RolloutState;
  readonly baseline: FiguresAt | null;
  readonly now: FiguresAt;
  /** Partition → events that wait, see `waitingFor`. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Since when somebody watches without a gap, epoch ms. */
  readonly watchedSinceMs: number;
}): CanaryFigures | null {
  const { state, baseline, now, waiting, watchedSinceMs } = request;
  if (!inProgress(state) || baseline?.atMs !== state.analysedToMs) return null;
  const { champion, candidate, chosen } = state;
  const all = [...new Set([...Object.keys(now.partitions), ...Object.keys(baseline.partitions), ...chosen])];
  const left = all.filter((partition) => !chosen.includes(partition));
  const life = (at: FiguresAt, partition: string) => at.partitions[partition] ?? [];
  const before = (version: number, partitions: readonly string[]) =>
    sum(
      partitions.flatMap((partition) => life(baseline, partition).filter((one) => one.version === version)),
    );
  const since = (partitions: readonly string[], counts: (version: number) => boolean) =>
    sum(
      partitions.flatMap((partition) =>
        life(now, partition)
          .filter(({ version }) => counts(version))
          .map((one) => difference(one, life(baseline, partition))),
      ),
    );
  const isChampion = (version: number) => version === champion;
  const inShadow = state.phase === 'shadow';
  const paired = pairedFigures(
    inShadow
      ? { baseline, now, partitions: all, version: champion, shadow: candidate }
      : { baseline, now, partitions: chosen, version: candidate, shadow: champion },
  );
  const own = before(champion, chosen);
  const shared = {
    fromMs: baseline.atMs,
    toMs: now.atMs,
    watchedMs: Math.max(0, now.atMs - Math.max(baseline.atMs, watchedSinceMs)),
    past: own.readings >= fewestPastReadings ? own : before(champion, all),
  };
  if (inShadow) {
    const scored = since(all, () => true).readings;
    return {
      ...shared,
      candidate: paired.would,
      ...besides(paired.served, paired),
      trouble: paired.trouble,
      lately: null,
      scoredByOthers: Math.max(0, scored - paired.would.readings),
      waitingEvents: 0,
    };
  }
  const served = since(chosen, (version) => version === candidate);
  // A shadow that was there for a part of the time only says little of the whole.
  const known = 2 * paired.would.readings >= served.readings;
  return {
    ...shared,
    candidate: served,
    ...besides(known ? paired.would : nothing, paired),
    trouble: null,
    lately: lately(since(left, isChampion), state.failures === 0 ? before(candidate, all) : nothing),
    scoredByOthers: since(chosen, (version) => version !== candidate).readings,
    waitingEvents: chosen.reduce((events, partition) => events + (waiting[partition] ?? 0), 0),
  };
}

/** The champion on the same readings; what goes wrong with it as a shadow allows the candidate nothing. */
function besides(
  champion: RunFigures,
  { disagreements }: PairedFigures,
): Pick<CanaryFigures, 'beside' | 'disagreements'> {
  if (champion.readings === 0) return { beside: null, disagreements: null };
  return { beside: { ...champion, errors: 0 }, disagreements };
}

const nothing: RunFigures = { readings: 0, anomalies: 0, alarms: 0, quieted: 0, errors: 0 };

function lately(champion: RunFigures, approved: RunFigures): RunFigures | null {
  if (champion.readings > 0) return champion;
  return approved.readings > 0 ? approved : null;
}

/** What a version did since the baseline; figures that are lower than then, as of another life, count for nothing. */
function difference(now: VersionFigures, baseline: readonly VersionFigures[]): RunFigures {
  const before = baseline.find(({ version }) => version === now.version) ?? nothing;
  return combine(now, before, (a, b) => Math.max(0, a - b));
}

function sum(runs: readonly RunFigures[]): RunFigures {
  return runs.reduce((total, run) => combine(total, run, (a, b) => a + b), nothing);
}

function combine(a: RunFigures, b: RunFigures, by: (a: number, b: number) => number): RunFigures {
  return {
    readings: by(a.readings, b.readings),
    anomalies: by(a.anomalies, b.anomalies),
    alarms: by(a.alarms, b.alarms),
    quieted: by(a.quieted, b.quieted),
    errors: by(a.errors, b.errors),
  };
}

/** Readings of the pool in each partition so far, for `choosePartitions`. */
export function readingsOf(pool: Pick<PoolView, 'partitions'>): Record<string, number> {
  return Object.fromEntries(pool.partitions.map(({ partition, readings }) => [partition, readings]));
}
