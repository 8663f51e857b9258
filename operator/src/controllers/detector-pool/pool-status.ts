import type { RolloutState } from '@verdict/contracts';
import { type Condition, type FoundAt, setConditions, withoutConditions } from '../../resources/condition.ts';
import type { DetectorPoolObject } from '../../resources/custom-objects.ts';
import type { DetectorPoolStatus } from '../../resources/detector-pool-status.ts';
import { poolSelector, selectorText } from '../../resources/labels.ts';
import { cut } from '../../resources/status-fields.ts';
import { nowHandled } from './asked-commands.ts';
import type { PoolDecision } from './decide-pool.ts';
import { countByVersion, type Partitions } from './fleet.ts';
import { type ConditionFacts, poolFindings } from './pool-conditions.ts';
import { type Deployment, versionOfDeployment } from './pool-facts.ts';
import { rolloutStatus } from './rollout-status.ts';
import { roundedLag, toldLag } from './rounded-lag.ts';

/** What a pool's status is made of, beside its conditions. */
export interface StatusFacts extends ConditionFacts, Pick<PoolDecision, 'asked'> {
  readonly owner: DetectorPoolObject;
  readonly deployments: readonly Deployment[];
  /** The plan in force now. */
  readonly plan: { readonly revision: number; readonly partitions: Partitions };
  readonly at: FoundAt;
  /** How long ago the lag was written last, ms. */
  readonly lagSinceMs: number;
}

const mostVersions = 10;

/** The whole status of a pool; the very object that was given when there is nothing new to say. */
export function poolStatus(facts: StatusFacts): DetectorPoolStatus {
  const { owner, view, plan, state, spec, deployments, at } = facts;
  const before = owner.status ?? {};
  const ready = sum(deployments, ({ status }) => status?.readyReplicas);
  const wanted = [...facts.fleet.sizes.values()].reduce((total, count) => total + count, 0);
  const serving = servingCounts(facts);
  const partitions = view.partitions.length;
  const steps = spec.rollout.steps.length;
  const obeyed = facts.asked.filter(
    ({ id, command }) => command === null || state.handledCommands.includes(id),
  );
  const handledCommands = nowHandled(owner, obeyed);
  const still: DetectorPoolStatus = {
    ...(at.generation === undefined ? {} : { observedGeneration: at.generation }),
    conditions: conditionsOf(facts, before.conditions ?? []),
    replicas: sum(deployments, ({ status }) => status?.replicas),
    readyReplicas: ready,
    selector: selectorText(poolSelector(owner.metadata.name ?? '')),
    detectorsText: `${ready}/${wanted}`,
    activeVersion: activeVersion(state, serving),
    planRevision: plan.revision,
    partitions,
    partitionsText: partitionsText(serving),
    versions: versionsOf(facts, serving),
    ...(before.lag === undefined ? {} : { lag: before.lag }),
    rollout: rolloutStatus(state, { steps, partitions }),
    ...(handledCommands === undefined ? {} : { handledCommands }),
  };
  const writtenAnyway = !sameStatus(still, before);
  const lag = toldLag(before.lag, roundedLag(view.partitions), { writtenAnyway, sinceMs: facts.lagSinceMs });
  const { lag: _, ...rest } = still;
  const status = { ...rest, ...(lag === undefined ? {} : { lag }) };
  return sameStatus(status, before) ? before : status;
}

/** Whether two statuses say the same, in whatever order their fields stand. */
export function sameStatus(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([left], [right]) => (left < right ? -1 : 1)))
      : one,
  );
}

function conditionsOf(facts: StatusFacts, before: readonly Condition[]): Condition[] {
  const findings = poolFindings(facts);
  const told = findings.map(({ type }) => type);
  const kept = withoutConditions(before, told.includes('CanaryHealthy') ? [] : ['CanaryHealthy']);
  return [...setConditions(kept, findings, facts.at)];
}

/** Partitions by the version that committed last; one that nobody has committed is served by its planned one. */
function servingCounts({ view, plan }: StatusFacts): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { partition, version } of view.partitions) {
    const serves = version ?? plan.partitions[partition]?.version ?? 0;
    counts.set(serves, (counts.get(serves) ?? 0) + 1);
  }
  return counts;
}

function activeVersion({ champion }: RolloutState, serving: ReadonlyMap<number, number>): number {
  const most = [...serving].sort((a, b) => b[1] - a[1] || (a[0] === champion ? -1 : b[0] - a[0]));
  return most[0]?.[0] ?? champion;
}

function partitionsText(serving: ReadonlyMap<number, number>): string {
  const parts = [...serving].sort(([a], [b]) => a - b).map(([version, count]) => `v${version} ${count}`);
  return cut(parts.join(', '), 200);
}

function versionsOf(facts: StatusFacts, serving: ReadonlyMap<number, number>) {
  const { view, plan, deployments } = facts;
  const partitions = view.partitions.map(({ partition }) => partition);
  const planned = countByVersion(partitions, plan.partitions);
  const own = new Map(deployments.map((deployment) => [versionOfDeployment(deployment), deployment]));
  const all = new Set([...planned.keys(), ...serving.keys(), ...own.keys()]);
  return [...all]
    .filter((version) => version !== undefined)
    .sort((a, b) => b - a)
    .slice(0, mostVersions)
    .map((version) => {
      const deployment = own.get(version);
      return {
        version,
        planned: planned.get(version) ?? 0,
        serving: serving.get(version) ?? 0,
        ...(deployment === undefined
          ? {}
          : {
              deployment: deployment.metadata.name ?? '',
              replicas: deployment.status?.replicas ?? 0,
              readyReplicas: deployment.status?.readyReplicas ?? 0,
            }),
      };
    });
}

function sum(deployments: readonly Deployment[], count: (one: Deployment) => number | undefined): number {
  return deployments.reduce((total, one) => total + (count(one) ?? 0), 0);
}
