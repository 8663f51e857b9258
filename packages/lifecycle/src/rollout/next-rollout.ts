import {
  noCanaryTotals,
  type PartitionPlan,
  type Plan,
  type RolloutCommand,
  type RolloutEvent,
  type RolloutSpec,
  type RolloutState,
  type VersionState,
} from '@verdict/contracts';
import type { CanaryFigures } from './canary-figures.ts';
import { choosePartitions } from './choose-partitions.ts';
import { followRegistry, toRegister } from './follow-registry.ts';
import { judgeCanary } from './judge-canary.ts';
import { obeyCommand, pause, resume } from './obey-command.ts';
import { knownPartitions, type Planned, samePartitions, wantedPlan } from './rollout-plan.ts';
import { inProgress, type Transition } from './rollout-state.ts';
import { type KnownVersion, promote, takeBack } from './take-back.ts';

/** All that decides how a rollout goes on. */
export interface RolloutSituation {
  readonly nowMs: number;
  readonly spec: RolloutSpec;
  /** Whether detectors score shadows. While they do not, no plan has one, and no time is spent in shadow. */
  readonly shadowsScored: boolean;
  /** The plan in force. */
  readonly plan: Plan;
  /** Partitions of the data hub, as far as they are known. */
  readonly partitions: readonly string[];
  /** Readings of the pool in each partition so far. */
  readonly readings: Readonly<Record<string, number>>;
  /** Versions in the registry; the newest accepted one above the champion is the next candidate. */
  readonly versions: readonly KnownVersion[];
  /** What the candidate did since `state.analysedToMs`; null when nobody knows. */
  readonly figures: CanaryFigures | null;
  /** What people asked, oldest first; what was obeyed before may be among it. */
  readonly commands: readonly RolloutCommand[];
}

export interface RolloutStep {
  /** To be stored first, */
  readonly state: RolloutState;
  /** then these into the registry, */
  readonly versionStates: { version: number; state: VersionState }[];
  /** then this plan, with If-Match; null when the one in force is as wanted. */
  readonly plan: Record<string, PartitionPlan> | null;
  readonly events: RolloutEvent[];
}

/** What may follow at once: a rollout ends, the next one starts without a shadow, its first step begins. */
const mostAdvances = 5;
const mostAnalyses = 50;
/** As many ids of commands are remembered; those beyond are obeyed at the next look. */
const mostCommands = 20;

/**
 * The next step of a pool's rollouts: idle → shadow → step 1 … n → done, or aborted from anywhere.
 *
 * A phase is left when its time is up and an analysis passed in it. A failed analysis counts at once, also in a
 * pause; at the failure limit the plan before is restored and the version remembered. Everything to be written
 * follows from the state, so that after a crash between storing the state and writing the plan the same call gives
 * the same plan, and calling again with what was written changes nothing.
 */
export function nextRollout(stored: RolloutState, situation: RolloutSituation): RolloutStep {
  const events: RolloutEvent[] = [];
  let state = stored;
  const follow = (transition: Transition | null): boolean => {
    if (!transition) return false;
    state = transition.state;
    events.push(...transition.events);
    return true;
  };
  for (const command of situation.commands.slice(0, mostCommands))
    follow(obeyCommand(state, command, situation));
  follow(followSpec(state, situation));
  follow(followRegistry(state, situation));
  follow(analyse(state, situation));
  for (let i = 0; i < mostAdvances && follow(advance(state, situation)); i += 1);
  const wanted = wantedPlan(state, planned(situation));
  const plan = samePartitions(wanted, situation.plan.partitions) ? null : wanted;
  return { state, versionStates: toRegister(state, situation.versions), plan, events };
}

/** Seconds in shadow, 0 while nobody scores shadows. */
function shadowSecondsOf({ spec, shadowsScored }: RolloutSituation): number {
  return shadowsScored ? spec.shadowSeconds : 0;
}

function planned(situation: RolloutSituation): Planned {
  const { partitions, plan } = situation;
  return { partitions, plan, withShadow: shadowSecondsOf(situation) > 0 };
}

function shadowText(situation: RolloutSituation): string {
  const asked = situation.spec.shadowSeconds;
  if (asked === 0) return 'without a shadow';
  if (!situation.shadowsScored)
    return `without the ${asked} s in shadow that the pool asks for: these detectors score no shadows`;
  return `${asked} s in shadow first`;
}

function followSpec(state: RolloutState, { spec, nowMs }: RolloutSituation): Transition | null {
  if (spec.paused && !state.paused) return pause(state, nowMs, 'spec');
  return !spec.paused && state.paused?.by === 'spec' ? resume(state, nowMs) : null;
}

function analyse(state: RolloutState, { spec, figures, nowMs }: RolloutSituation): Transition | null {
  // Figures that reach back before the last look, or the phase, were judged already.
  if (!inProgress(state) || !figures || figures.fromMs < state.analysedToMs) return null;
  const lengthMs = figures.toMs - figures.fromMs;
  if (lengthMs <= 0) return null;
  const { outcome, reasons, totals } = judgeCanary(figures, spec.analysis, state.passed);
  if (outcome !== 'failed' && lengthMs < spec.analysis.intervalSeconds * 1000) return null;
  if (outcome === 'waiting') {
    if (state.waitingSaid) return null;
    const message = `Version ${state.candidate} waits: ${reasons.join('; ')}`;
    return { state: { ...state, waitingSaid: true }, events: [{ reason: 'WaitingForReadings', message }] };
  }
  const passed = outcome === 'passed';
  const analysed = {
    ...state,
    analysedToMs: figures.toMs,
    waitingSaid: false,
    analyses: [...state.analyses, { atMs: nowMs, passed, reasons }].slice(-mostAnalyses),
    passedInPhase: state.passedInPhase + (passed ? 1 : 0),
    passed: passed ? totals : state.passed,
    failures: state.failures + (passed ? 0 : 1),
  };
  if (passed) return { state: analysed, events: [] };
  if (analysed.failures >= spec.analysis.failureLimit) return takeBack(analysed, nowMs, reasons.join('; '));
  const message = `Version ${state.candidate} failed analysis ${analysed.failures} of ${spec.analysis.failureLimit}: ${reasons.join('; ')}`;
  return { state: analysed, events: [{ reason: 'AnalysisFailed', message }] };
}

function advance(state: RolloutState, situation: RolloutSituation): Transition | null {
  if (state.paused) return null;
  if (!inProgress(state)) return start(state, situation);
  const { spec, nowMs } = situation;
  const seconds =
    state.phase === 'shadow' ? shadowSecondsOf(situation) : (spec.steps[state.step]?.pauseSeconds ?? 0);
  const skipped = state.phase === 'shadow' && seconds === 0;
  const timeIsUp = nowMs - state.phaseSinceMs >= seconds * 1000;
  if (!skipped && !(timeIsUp && state.passedInPhase > 0)) return null;
  const step = state.phase === 'shadow' ? 0 : state.step + 1;
  if (step >= spec.steps.length) return promote(state, nowMs, `after ${spec.steps.length} steps`);
  return startStep(state, step, situation);
}

function start(state: RolloutState, situation: RolloutSituation): Transition | null {
  const { versions, nowMs, partitions, plan } = situation;
  const candidates = versions
    .filter(({ version, state: known }) => version > state.champion && known === 'accepted')
    .map(({ version }) => version)
    .filter((version) => !state.aborted.includes(version));
  if (candidates.length === 0 || knownPartitions(state, partitions, plan).length === 0) return null;
  const candidate = Math.max(...candidates);
  const started: RolloutState = {
    ...state,
    phase: 'shadow',
    candidate,
    step: 0,
    chosen: [],
    before: wantedPlan(state, planned(situation)),
    phaseSinceMs: nowMs,
    analysedToMs: nowMs,
    passedInPhase: 0,
    passed: noCanaryTotals,
    failures: 0,
    analyses: [],
    waitingSaid: false,
  };
  const message = `Version ${candidate} is rolled out against version ${state.champion}, ${shadowText(situation)}`;
  return { state: started, events: [{ reason: 'RolloutStarted', message }] };
}

function startStep(
  state: RolloutState & { readonly candidate: number },
  step: number,
  { partitions, plan, spec, nowMs, readings }: RolloutSituation,
): Transition {
  const known = knownPartitions(state, partitions, plan);
  const { candidate } = state;
  const share = spec.steps[step]?.share ?? 1;
  const chosen = choosePartitions({ partitions: known, share, candidate, chosen: state.chosen, readings });
  const message = `Version ${candidate} serves ${chosen.length} of ${known.length} partitions (${chosen.join(', ')}), step ${step + 1} of ${spec.steps.length}`;
  return {
    state: {
      ...state,
      phase: 'step',
      step,
      chosen,
      phaseSinceMs: nowMs,
      analysedToMs: nowMs,
      passedInPhase: 0,
      waitingSaid: false,
    },
    events: [{ reason: 'StepStarted', message }],
  };
}
