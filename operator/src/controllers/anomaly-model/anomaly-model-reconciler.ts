import { inProgress } from '@verdict/lifecycle';
import { OwnWrites } from '../../children/own-writes.ts';
import type { Outcome } from '../../control-loop/outcome.ts';
import type { Reconcile } from '../../control-loop/reconciler.ts';
import { nameOf, type ObjectKey, uidOf } from '../../kube/kube-object.ts';
import { PlatformRefusedError, PlatformUnavailableError } from '../../platform/platform-error.ts';
import { conditionOf, type FoundAt, isTrue } from '../../resources/condition.ts';
import { type AnomalyModelObject, modelSpecOf } from '../../resources/custom-objects.ts';
import { readySummary, type Why } from '../../resources/ready-summary.ts';
import { finalizerStep, writeFinalizer } from './finalizer.ts';
import { followTrainings } from './follow-trainings.ts';
import type { Look } from './look.ts';
import { notServing } from './model-conditions.ts';
import { lookAtDeletion } from './model-deletion.ts';
import { ignoredRequest } from './model-events.ts';
import type { ModelFacts } from './model-facts.ts';
import { ModelMemory } from './model-memory.ts';
import type { ModelControllerParts } from './model-parts.ts';
import { modelStatus, statusWith } from './model-status.ts';
import { pruneVersions } from './prune-versions.ts';
import { writeStatus } from './status-writer.ts';
import { TrainingKeeper } from './training-keeper.ts';

/** How often the platform is asked how a model fares, … */
const idleMs = 15_000;
/** … and while a training or a rollout is on its way. */
const busyMs = 5000;

/**
 * Brings what there is of a model to what its spec wants.
 *
 * A look: finalizer (before anything else is done, where artefacts are to be deleted one day) → the platform is told of
 * the spec → trainings, step by step → Jobs beyond the limits go → one status, if it says anything new → versions that
 * nothing uses are pruned. Without an answer of the platform nothing of all that happens but the status.
 */
export function anomalyModelReconciler(options: ModelControllerParts): Reconcile {
  const { clock, models, client, events, logger } = options;
  const writes = new OwnWrites(() => clock.monotonicMs());
  const parts = { ...options, writes, trainings: new TrainingKeeper({ ...options, writes }) };
  const memories = new Map<ObjectKey, { readonly uid: string; readonly memory: ModelMemory }>();

  function memoryOf(key: ObjectKey, uid: string): ModelMemory {
    const known = memories.get(key);
    if (known?.uid === uid) return known.memory;
    const memory = new ModelMemory(clock);
    memories.set(key, { uid, memory });
    return memory;
  }

  async function follow(look: Look): Promise<Outcome> {
    const { owner, memory, signal } = look;
    const { facts, jobTrouble, failure } = await followTrainings(parts, look);
    const stalled = jobTrouble?.reason === 'JobInvalid' ? jobTrouble : null;
    const podWord = parts.trainings.waitingWord(facts);
    const { sinceMovedMs } = memory;
    // A model that never was ready, or is known not to be, has nothing to be patient about.
    const patient = isTrue(owner.status?.conditions ?? [], 'Ready');
    const serves = notServing(facts) === undefined;
    const handover = !memory.unserved(serves) && !serves && patient;
    const found = { stalled, jobTrouble, podWord, handover };
    const status = modelStatus(facts, found, { at: foundAt(owner), sinceMovedMs });
    const notes = ignoredRequest(facts, status);
    if (await writeStatus(parts, { owner, status, notes }, signal)) memory.moved();
    if (failure !== undefined) throw failure;
    const pruned = await pruneVersions(parts, facts, memory);
    if (pruned) events.record(owner, pruned);
    return { kind: 'again', afterMs: isBusy(facts) ? busyMs : idleMs };
  }

  async function away({ owner, memory, signal }: Look, error: PlatformUnavailableError): Promise<Outcome> {
    const { told, afterMs } = memory.away();
    logger.debug({ model: owner.metadata.name, reason: error.message }, 'the platform does not answer');
    const known = conditionOf(owner.status?.conditions ?? [], 'Ready');
    if (told || known === undefined) {
      // The words of one outage stay the same, whatever the errors say one after the other.
      const message = known?.reason === 'PlatformUnavailable' ? known.message : error.message;
      const why = { reason: 'PlatformUnavailable', message };
      const ready = readySummary({ platformAway: why, fine: why }).filter(({ type }) => type === 'Ready');
      await writeStatus(parts, { owner, status: statusWith(owner, ready, foundAt(owner)) }, signal);
    }
    return { kind: 'again', afterMs: Math.max(afterMs, error.retryAfterMs ?? 0) };
  }

  async function stall({ owner, signal }: Pick<Look, 'owner' | 'signal'>, why: Why): Promise<Outcome> {
    const findings = readySummary({ stalled: { ...why, serves: false }, fine: why });
    await writeStatus(parts, { owner, status: statusWith(owner, findings, foundAt(owner)) }, signal);
    return { kind: 'stalled', ...why };
  }

  function foundAt({ metadata }: AnomalyModelObject): FoundAt {
    return { nowMs: clock.nowMs(), generation: metadata.generation };
  }

  return async (key, { signal }) => {
    const name = { kind: 'AnomalyModel', namespace: '', ...nameOf(key) };
    const cached = models.get(key);
    if (cached === undefined) {
      memories.delete(key);
      writes.forget(name);
      return { kind: 'settled' };
    }
    const seen = writes.newest(name, cached) ?? cached;
    if (seen.metadata.deletionTimestamp !== undefined) return lookAtDeletion(parts, seen, signal);
    const read = modelSpecOf(seen);
    if (!read.ok) return stall({ owner: seen, signal }, { reason: 'SpecInvalid', message: read.message });
    const step = finalizerStep(seen, read.spec);
    const owner = step === null ? seen : await writeFinalizer(client, { owner: seen, step }, signal);
    if (step !== null) writes.note(owner);
    const look: Look = { owner, spec: read.spec, memory: memoryOf(key, uidOf(owner)), signal };
    try {
      return await follow(look);
    } catch (error) {
      if (error instanceof PlatformUnavailableError) return away(look, error);
      if (error instanceof PlatformRefusedError && error.status === 400)
        return stall(look, { reason: 'SpecRefused', message: error.message });
      throw error;
    }
  };
}

function isBusy({ view, jobs, pool }: ModelFacts): boolean {
  const { state } = pool?.rollout ?? { state: null };
  return (
    jobs.some(({ status }) => (status?.active ?? 0) > 0) ||
    view.trainings.some((run) => run.state === 'running') ||
    (state !== null && inProgress(state))
  );
}
