import type { RolloutState } from '@verdict/contracts';
import { inProgress, type PoolRound, poolRound, startingState } from '@verdict/lifecycle';
import { type AskedCommand, askedCommands } from './asked-commands.ts';
import { type PodTrouble, podTroubles } from './detector-pods.ts';
import { type Detectors, type Fleet, type Partitions, wantedFleet } from './fleet.ts';
import { type MissingDetectors, missingDetectors } from './missing-detectors.ts';
import { creationTroubles, detectorsByVersion, type PoolFacts } from './pool-facts.ts';

/** What is to be done about a pool now. */
export interface PoolDecision {
  /** What lifecycle wants written to the platform. */
  readonly round: PoolRound;
  /** Detectors for which that has to wait; empty = it is to be written now. */
  readonly missing: readonly MissingDetectors[];
  readonly fleet: Fleet;
  readonly detectors: ReadonlyMap<number, Detectors>;
  readonly troubles: readonly PodTrouble[];
  /** Commands by annotation that were not obeyed when the pool was seen. */
  readonly asked: readonly AskedCommand[];
  /** Where the rollout stands, and where it will when all is written. */
  readonly stored: RolloutState;
  readonly wanted: RolloutState;
}

/** From what is seen of a pool alone: what its rollout, its plan and its Deployments are to be next. */
export function decidePool(facts: PoolFacts): PoolDecision {
  const { owner, spec, view, versions, nowMs, watchedSinceMs } = facts;
  const asked = askedCommands(owner);
  const commands = [...view.rollout.commands, ...asked.flatMap(({ command }) => command ?? [])];
  const pool = { ...view, spec, rollout: { ...view.rollout, commands } };
  const round = poolRound({ pool, versions, nowMs, watchedSinceMs, shadowsScored: true });
  const stored = view.rollout.state ?? startingState(view.plan, nowMs);
  const wanted = round.update?.state ?? stored;
  const partitions = view.partitions.map(({ partition }) => partition);
  const detectors = detectorsByVersion(facts);
  const plan: Partitions = view.plan.partitions;
  const change = { replicas: spec.replicas, partitions, plan, detectors };
  const forward = inProgress(wanted) ? wanted.candidate : wanted.phase === 'done' ? wanted.champion : null;
  const missing = round.plan === null ? [] : missingDetectors({ ...change, next: round.plan, forward });
  const champions = [...new Set([stored.champion, wanted.champion])];
  const fleet = wantedFleet({ ...change, next: round.plan, champions });
  const troubles = [...podTroubles(facts.pods), ...creationTroubles(facts.deployments)];
  return { round, missing, fleet, detectors, troubles, asked, stored, wanted };
}

/** Whether detectors are to come or to go, or to come up. */
export function isChanging(fleet: Fleet, detectors: ReadonlyMap<number, Detectors>): boolean {
  if (fleet.leaving.size > 0 || [...detectors.keys()].some((version) => !fleet.sizes.has(version)))
    return true;
  return [...fleet.sizes].some(([version, count]) => {
    const own = detectors.get(version);
    return own === undefined || own.wanted !== count || own.ready !== count;
  });
}

/** Whether it is the cluster's fault, not the version's, that the candidate does not serve. */
export function clusterIsToBlame({ stored, troubles }: PoolDecision, replicas: number): boolean {
  if (replicas === 0) return true;
  return troubles.some(({ version, kind }) => version === stored.candidate && kind !== 'CrashLooping');
}
