import type { DetectorPoolSpec, PoolView, RolloutState } from '@verdict/contracts';
import { inProgress } from '@verdict/lifecycle';
import type { Outcome } from '../../control-loop/outcome.ts';
import type { ReconcileContext } from '../../control-loop/reconciler.ts';
import { keyOf, type ObjectKey, uidOf } from '../../kube/kube-object.ts';
import { PlatformUnavailableError } from '../../platform/platform-error.ts';
import { placeOf } from '../../resources/child.ts';
import { conditionOf, isTrue } from '../../resources/condition.ts';
import { type DetectorPoolObject, poolSpecOf } from '../../resources/custom-objects.ts';
import { readySummary, type Why } from '../../resources/ready-summary.ts';
import { clusterIsToBlame, decidePool, isChanging, type PoolDecision } from './decide-pool.ts';
import { declarePool } from './declare-pool.ts';
import { PoolChildrenKeeper } from './pool-children-keeper.ts';
import { refusedNote } from './pool-events.ts';
import type { PoolFacts } from './pool-facts.ts';
import { PoolMemory } from './pool-memory.ts';
import { byModel, byPool, type PoolParts } from './pool-parts.ts';
import { poolStatus, sameStatus } from './pool-status.ts';
import { PoolTeller } from './pool-teller.ts';
import { rivalPool } from './rival-pool.ts';
import { type WrittenRound, writeRound } from './write-round.ts';

/** While a candidate is on its way, or something is being waited for. */
const busyMs = 1000;
/** After something was written: the next step may follow at once. */
const afterWriteMs = 200;
const awayMs = 3000;
/** An answer of the platform that old will do while a candidate is on its way. */
const freshMs = 500;

/**
 * Brings one pool a look closer to what its DetectorPool says.
 *
 * One look: declare it to the platform → read the platform → decide (pure) → Deployments and the rest of what is
 * wanted → rollout record, version states, plan → Deployments that are not wanted any more → one status. Every write
 * follows from what is read, so a look that ends between any two of them is made up for by the next one.
 */
export class DetectorPoolReconciler {
  readonly #parts: PoolParts;
  readonly #children: PoolChildrenKeeper;
  readonly #teller: PoolTeller;
  readonly #memories = new Map<ObjectKey, { readonly uid: string; readonly memory: PoolMemory }>();

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#children = new PoolChildrenKeeper(parts);
    this.#teller = new PoolTeller(parts);
  }

  readonly reconcile = async (key: ObjectKey, { signal }: ReconcileContext): Promise<Outcome> => {
    const { caches } = this.#parts;
    const cached = caches.pools.get(key);
    // What it is made of goes with it; what the platform knows stays, for a pool of that name goes on from it.
    if (cached === undefined || cached.metadata.deletionTimestamp !== undefined) return this.#forget(key);
    const owner = this.#teller.newest(cached);
    const read = poolSpecOf(owner);
    if (!read.ok) return await this.#stall(owner, { reason: 'SpecInvalid', message: read.message }, signal);
    const { spec } = read;
    const { namespace } = placeOf(owner);
    const rival = rivalPool(owner, caches.pools.indexed(byModel, `${namespace}/${spec.model}`));
    if (rival !== undefined) {
      const message = `the pool ${rival.metadata.name} serves the model ${spec.model}; there is one pool per model`;
      return await this.#stall(owner, { reason: 'ModelTaken', message }, signal);
    }
    if (caches.models.get(keyOf({ namespace, name: spec.model })) === undefined)
      return await this.#wait(owner, `there is no AnomalyModel ${spec.model}`, signal);
    const memory = this.#memoryOf(key, uidOf(owner));
    try {
      return await this.#look(owner, spec, memory, signal);
    } catch (error) {
      if (!(error instanceof PlatformUnavailableError)) throw error;
      return await this.#away(owner, error, memory, signal);
    }
  };

  async #look(
    owner: DetectorPoolObject,
    spec: DetectorPoolSpec,
    memory: PoolMemory,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { platform, caches, clock } = this.#parts;
    const { namespace, name } = placeOf(owner);
    const freshFromMs = memory.rollingOut ? clock.monotonicMs() - freshMs : Number.NEGATIVE_INFINITY;
    const notBeforeMs = Math.max(memory.readFromMs, freshFromMs);
    const nowMs = clock.nowMs();
    const [models, pools] = await Promise.all([
      platform.models(namespace, { notBeforeMs }),
      platform.pools(namespace, { notBeforeMs, name }),
    ]);
    signal.throwIfAborted();
    const watchedSinceMs = memory.looked();
    const model = models.find((one) => one.name === spec.model);
    if (model === undefined)
      return await this.#wait(owner, `the model ${spec.model} is not declared to the platform yet`, signal);
    const view = pools.find((one) => one.name === name);
    if (view === undefined || !sameStatus(view.spec, spec)) {
      const digest = JSON.stringify(spec);
      if (view === undefined || memory.mayDeclare(digest)) {
        const declared = await declarePool(this.#parts, owner, spec);
        memory.declared(digest);
        if (declared.ok) return { kind: 'again', afterMs: 0 };
        const stalled = await this.#stall(owner, declared.why, signal);
        return declared.passing ? { kind: 'again', afterMs: awayMs } : stalled;
      }
    }
    const pods = caches.pods.indexed(byPool, `${namespace}/${name}`);
    const deployments = this.#children.deploymentsOf(owner);
    const { versions } = model;
    return await this.#act(
      { owner, spec, view, versions, deployments, pods, nowMs, watchedSinceMs },
      memory,
      signal,
    );
  }

  async #act(facts: PoolFacts, memory: PoolMemory, signal: AbortSignal): Promise<Outcome> {
    const { platform, events, logger } = this.#parts;
    const { owner, view, deployments } = facts;
    const decision = decidePool(facts);
    const { missing, fleet, round, stored } = decision;
    if (clusterIsToBlame(decision, facts.spec.replicas)) memory.startWatchAnew();
    const hindrance = await this.#children.keep(facts, fleet, signal);
    let written: WrittenRound = { state: stored, plan: view.plan, changed: false, refused: null };
    if (missing.length === 0) {
      const tell = (note: Parameters<typeof events.record>[1]): void => events.record(owner, note);
      written = await writeRound({ platform, tell, logger }, view, round, stored);
    }
    memory.rollingOut = inProgress(written.state) || missing.length > 0;
    if (written.changed) {
      memory.wrote();
      // What is wanted now was not known when this look began: the next one tells of it.
      if (written.refused === null) return { kind: 'again', afterMs: afterWriteMs };
    } else await this.#children.removeOthers(deployments, fleet, signal);
    await this.#tell(
      facts,
      decision,
      { ...written, hindrance: hindrance ?? written.refused },
      memory,
      signal,
    );
    return { kind: 'again', afterMs: this.#isBusy(facts, decision, memory) ? busyMs : this.#calmMs() };
  }

  async #tell(
    facts: PoolFacts,
    decision: PoolDecision,
    now: Pick<WrittenRound, 'state' | 'plan'> & { readonly hindrance: Why | null },
    memory: PoolMemory,
    signal: AbortSignal,
  ): Promise<void> {
    const { events, clock, metrics } = this.#parts;
    const { owner, spec, view, deployments } = facts;
    const free = view.partitions.filter(({ holder }) => holder === null).length;
    // What was ready stays so while a partition goes from hand to hand.
    const unserved = memory.unserved(free) || (free > 0 && !isTrue(owner.status?.conditions ?? [], 'Ready'));
    const at = { nowMs: clock.nowMs(), generation: owner.metadata.generation };
    const { lagSinceMs } = memory;
    const status = poolStatus({
      ...decision,
      ...now,
      owner,
      spec,
      view,
      deployments,
      unserved,
      at,
      lagSinceMs,
    });
    metrics.told(keyOf(owner), figuresOf(view, status.readyReplicas ?? 0, decision, now.state));
    if (!(await this.#teller.tell(owner, status, signal))) return;
    if (status.lag !== owner.status?.lag) memory.lagWritten();
    const handled = status.handledCommands ?? {};
    for (const { annotation, value, command } of decision.asked)
      if (command === null && handled[annotation] !== undefined)
        events.record(owner, refusedNote(annotation, value));
  }

  /** Whether what is wanted is not there yet, so that time or others may change it any moment. */
  #isBusy({ view }: PoolFacts, { fleet, detectors }: PoolDecision, memory: PoolMemory): boolean {
    if (memory.rollingOut || isChanging(fleet, detectors) || view.partitions.length === 0) return true;
    return view.partitions.some(({ holder }) => holder === null);
  }

  /** The more pools there are, the rarer each is looked at without a cause: 50 looks a second are enough. */
  #calmMs(): number {
    return Math.min(30_000, Math.max(3000, this.#parts.caches.pools.size * 20));
  }

  async #stall(owner: DetectorPoolObject, why: Why, signal: AbortSignal): Promise<Outcome> {
    const fine = { reason: 'Serving', message: '' };
    await this.#teller.say(owner, readySummary({ stalled: { ...why, serves: false }, fine }), signal);
    return { kind: 'stalled', ...why };
  }

  async #wait(owner: DetectorPoolObject, message: string, signal: AbortSignal): Promise<Outcome> {
    const waiting = { reason: 'ModelMissing', message };
    await this.#teller.say(owner, readySummary({ waiting, fine: waiting }), signal);
    return { kind: 'again', afterMs: awayMs };
  }

  /** Nothing is known: neither plan nor Deployments are changed, and the status says no more than that. */
  async #away(
    owner: DetectorPoolObject,
    error: PlatformUnavailableError,
    memory: PoolMemory,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const again: Outcome = { kind: 'again', afterMs: Math.max(awayMs, error.retryAfterMs ?? 0) };
    const ready = conditionOf(owner.status?.conditions ?? [], 'Ready');
    const { generation } = owner.metadata;
    // It is told once, whatever the platform's troubles are called from look to look.
    const said = ready?.reason === 'PlatformUnavailable' && ready.observedGeneration === generation;
    if (said || (!memory.away() && ready?.status === 'True' && ready.observedGeneration === generation))
      return again;
    const platformAway = { reason: 'PlatformUnavailable', message: error.message };
    await this.#teller.say(owner, readySummary({ platformAway, fine: platformAway }), signal);
    return again;
  }

  #memoryOf(key: ObjectKey, uid: string): PoolMemory {
    const known = this.#memories.get(key);
    if (known?.uid === uid) return known.memory;
    const memory = new PoolMemory(this.#parts.clock);
    this.#memories.set(key, { uid, memory });
    return memory;
  }

  #forget(key: ObjectKey): Outcome {
    const known = this.#memories.get(key);
    this.#memories.delete(key);
    this.#parts.metrics.gone(key);
    if (known) this.#children.forget(known.uid);
    return { kind: 'settled' };
  }
}

function figuresOf(view: PoolView, detectorsReady: number, { fleet }: PoolDecision, state: RolloutState) {
  const lags = view.partitions.map(({ lagEvents }) => lagEvents).filter((lag) => lag !== null);
  return {
    lagEvents: lags.length === 0 ? null : lags.reduce((sum, lag) => sum + lag, 0),
    detectorsReady,
    detectorsWanted: [...fleet.sizes.values()].reduce((sum, count) => sum + count, 0),
    partitionsUnserved: view.partitions.filter(({ holder }) => holder === null).length,
    rollingOut: inProgress(state),
  };
}
