import type { DetectorPoolSpec, PoolView, RolloutState } from '@verdict/contracts';
import { inProgress } from '@verdict/lifecycle';
import type { Finding } from '../../resources/condition.ts';
import { readySummary, type Why } from '../../resources/ready-summary.ts';
import { isChanging, type PoolDecision } from './decide-pool.ts';
import type { PodTrouble } from './detector-pods.ts';
import { rolloutText } from './rollout-status.ts';

/** What the conditions of a pool are found from. */
export interface ConditionFacts extends Pick<PoolDecision, 'fleet' | 'detectors' | 'troubles' | 'missing'> {
  readonly spec: DetectorPoolSpec;
  readonly view: PoolView;
  /** Where the rollout stands now. */
  readonly state: RolloutState;
  /** Whether nobody has held one of the partitions for so long that it is no handover. */
  readonly unserved: boolean;
  /** Why something of what is wanted cannot be had, such as an autoscaler. */
  readonly hindrance: Why | null;
}

/** Everything that a pool's conditions say while the platform answers. */
export function poolFindings(facts: ConditionFacts): Finding[] {
  return [
    ...readySummary({ waiting: waiting(facts), fine: fine(facts) }),
    progressing(facts),
    degraded(facts),
    ...canary(facts.state),
  ];
}

/** What is said of detectors in trouble, in one sentence. */
export function troubleText({ version, kind, pods, message }: PodTrouble): string {
  const count = pods === 1 ? 'a detector' : `${pods} detectors`;
  const what = {
    CrashLooping: 'crashes again and again',
    Unschedulable: 'finds no node',
    CannotStart: 'cannot be started',
  }[kind];
  const verb = pods === 1 ? what : what.replace('crashes', 'crash').replace('finds', 'find');
  return `${count} of version ${version} ${verb}: ${message}`;
}

function waiting({ spec, view, unserved, troubles }: ConditionFacts): Why | undefined {
  if (spec.replicas === 0) return undefined;
  const { partitions } = view;
  if (partitions.length === 0)
    return { reason: 'PartitionsUnknown', message: 'the partitions of the data hub are not known yet' };
  const free = partitions.filter(({ holder }) => holder === null).length;
  if (free === 0 || !unserved) return undefined;
  const message = `${free} of ${partitions.length} partitions are served by nobody`;
  const [trouble] = troubles;
  return trouble
    ? { reason: trouble.kind, message: `${message}: ${troubleText(trouble)}` }
    : { reason: 'PartitionsUnserved', message };
}

function fine({ spec, state }: ConditionFacts): Why {
  if (spec.replicas === 0) return { reason: 'ScaledToZero', message: 'no detector is wanted' };
  return {
    reason: 'Serving',
    message: `every partition is served; version ${state.champion} is the champion`,
  };
}

function progressing({ spec, view, state, missing, troubles, fleet, detectors }: ConditionFacts): Finding {
  const finding = (status: Finding['status'], reason: string, message: string): Finding => ({
    type: 'Progressing',
    status,
    reason,
    message,
  });
  const awaited = missing.map(({ version }) => version);
  const trouble = troubles.find(({ version }) => awaited.includes(version) || version === state.candidate);
  if (trouble) return finding('False', trouble.kind, `the rollout stands still: ${troubleText(trouble)}`);
  const [first] = missing;
  if (first)
    return finding(
      'True',
      'WaitingForDetectors',
      `version ${first.version} takes partitions over when ${first.needed} of its detectors are ready`,
    );
  const text = rolloutText(state, { steps: spec.rollout.steps.length, partitions: view.partitions.length });
  if (state.paused !== null) return finding('False', 'Paused', text);
  if (inProgress(state)) return finding('True', 'RollingOut', text);
  if (isChanging(fleet, detectors))
    return finding('True', 'DetectorsChange', 'detectors are started or stopped');
  return finding('False', 'Complete', text);
}

function degraded({ troubles, hindrance, detectors, view, fleet }: ConditionFacts): Finding {
  const finding = (status: Finding['status'], { reason, message }: Why): Finding => ({
    type: 'Degraded',
    status,
    reason,
    message,
  });
  const [trouble] = troubles;
  if (trouble) return finding('True', { reason: trouble.kind, message: troubleText(trouble) });
  const fallen = view.partitions.filter(({ planned, version }) => {
    const gone =
      (detectors.get(planned.version)?.ready ?? 0) === 0 && (fleet.sizes.get(planned.version) ?? 0) > 0;
    return gone && version !== null && version !== planned.version && version === planned.fallback;
  });
  if (fallen.length > 0) {
    const [one] = fallen;
    const message = `no detector of version ${one?.planned.version} lives: version ${one?.planned.fallback} serves ${fallen.length} partitions in its place`;
    return finding('True', { reason: 'FallbackServes', message });
  }
  if (hindrance) return finding('True', hindrance);
  return finding('False', { reason: 'AsExpected', message: '' });
}

/** Nothing is said of a canary where there never was one. */
function canary(state: RolloutState): Finding[] {
  const finding = (status: Finding['status'], reason: string, message: string): Finding[] => [
    { type: 'CanaryHealthy', status, reason, message },
  ];
  const { candidate, champion, lastAbort, phase, analyses } = state;
  if (inProgress(state)) {
    const newest = analyses.at(-1);
    if (!newest) return finding('Unknown', 'NotJudgedYet', `version ${candidate} was not judged yet`);
    const said = `version ${candidate}: ${newest.reasons.join('; ')}`;
    return newest.passed ? finding('True', 'AnalysisPassed', said) : finding('False', 'AnalysisFailed', said);
  }
  if (phase === 'done') return finding('True', 'Promoted', `version ${champion} serves every partition`);
  if (phase === 'aborted' && lastAbort)
    return finding('False', 'TakenBack', `version ${lastAbort.version}: ${lastAbort.reason}`);
  return [];
}
