import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { Clock } from '@verdict/process';
import type { ChildKeeper } from '../../children/child-keeper.ts';
import type { ObjectCache } from '../../control-loop/informer.ts';
import type { KubeReader } from '../../kube/kube-client.ts';
import { isNotFound } from '../../kube/kube-error.ts';
import { type KubeObjectOf, keyOf, uidOf } from '../../kube/kube-object.ts';
import { placeOf } from '../../resources/child.ts';
import { horizontalAutoscalers } from '../../resources/child-kinds.ts';
import { poolChildName } from '../../resources/child-names.ts';
import type { LagSource } from '../../resources/platform-settings.ts';
import {
  poolHorizontalAutoscaler,
  poolScaledObject,
  type ScaledObject,
  scaledObjects,
} from '../../resources/pool-autoscaler.ts';
import type { Why } from '../../resources/ready-summary.ts';
import type { PoolFacts } from './pool-facts.ts';

export interface AutoscalerParts {
  readonly keeper: ChildKeeper;
  readonly client: Pick<KubeReader, 'get'>;
  readonly autoscalers: ObjectCache<KubeObjectOf<V2HorizontalPodAutoscaler>>;
  readonly lagSource: LagSource | null;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/** KEDA's objects are not watched, because they may not exist: they are looked at so often. */
const lookEveryMs = 60_000;

/** Keeps the one autoscaler that a pool asks for, and none where it asks for none. */
export class AutoscalerKeeper {
  readonly #parts: AutoscalerParts;
  /** By the pool's uid: when its ScaledObject was looked at, for which generation, and what came of it. */
  readonly #looked = new Map<string, { atMs: number; generation: number; hindrance: Why | null }>();

  constructor(parts: AutoscalerParts) {
    this.#parts = parts;
  }

  /** @returns why the autoscaler cannot be had, if it cannot */
  async keep(facts: Pick<PoolFacts, 'owner' | 'spec' | 'view'>, signal: AbortSignal): Promise<Why | null> {
    const { owner, spec, view } = facts;
    const { autoscaling } = spec;
    await this.#keepHorizontal(facts, signal);
    const partitions = view.partitions.length;
    const nowMs = this.#parts.clock.monotonicMs();
    const known = this.#looked.get(uidOf(owner));
    const generation = owner.metadata.generation ?? 0;
    if (known && known.generation === generation && nowMs - known.atMs < lookEveryMs) return known.hindrance;
    // How many detectors there may be is said by the partitions.
    if (autoscaling?.driver === 'keda' && partitions === 0) return null;
    const scaled = autoscaling?.driver === 'keda' ? { owner, spec, autoscaling, partitions } : null;
    // Where it never was asked for, one look after a change is enough.
    if (scaled === null && known?.generation === generation) return null;
    const hindrance = scaled
      ? await this.#keepScaled(scaled, signal)
      : await this.#removeScaled(owner, signal);
    this.#looked.set(uidOf(owner), { atMs: nowMs, generation, hindrance });
    return hindrance;
  }

  /** The pool is gone. */
  forget(uid: string): void {
    this.#looked.delete(uid);
  }

  async #keepHorizontal(
    { owner, spec, view }: Pick<PoolFacts, 'owner' | 'spec' | 'view'>,
    signal: AbortSignal,
  ): Promise<void> {
    const { keeper, autoscalers } = this.#parts;
    const partitions = view.partitions.length;
    const { name, namespace } = placeOf(owner);
    const place = { namespace, name: poolChildName(name) };
    const cached = autoscalers.get(keyOf(place));
    if (spec.autoscaling?.driver === 'hpa') {
      if (partitions === 0) return;
      const wanted = poolHorizontalAutoscaler({ owner, spec, autoscaling: spec.autoscaling, partitions });
      await keeper.keep(horizontalAutoscalers, wanted, cached, signal);
      return;
    }
    const live = keeper.newest(horizontalAutoscalers, place, cached);
    const ours = live?.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid);
    if (live && ours) await keeper.remove(horizontalAutoscalers, live, signal);
  }

  async #keepScaled(given: Parameters<typeof poolScaledObject>[0], signal: AbortSignal): Promise<Why | null> {
    const { keeper, lagSource } = this.#parts;
    if (lagSource === null)
      return { reason: 'NoLagSource', message: 'nobody said where KEDA reads the lag (workloads.lagSource)' };
    const wanted = poolScaledObject(given, lagSource);
    const live = await this.#scaledObject(given.owner, signal);
    try {
      await keeper.keep(scaledObjects, wanted, live, signal);
      return null;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return { reason: 'KedaMissing', message: 'the pool is to be scaled by KEDA, which is not installed' };
    }
  }

  async #removeScaled(owner: PoolFacts['owner'], signal: AbortSignal): Promise<null> {
    const live = await this.#scaledObject(owner, signal);
    const ours = live?.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid);
    if (live && ours) await this.#parts.keeper.remove(scaledObjects, live, signal);
    return null;
  }

  /** The pool's ScaledObject; undefined where there is none, or nobody here knows of such things. */
  async #scaledObject(owner: PoolFacts['owner'], signal: AbortSignal): Promise<ScaledObject | undefined> {
    const { name, namespace } = placeOf(owner);
    const place = { namespace, name: poolChildName(name) };
    try {
      return await this.#parts.client.get(scaledObjects, place, { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
