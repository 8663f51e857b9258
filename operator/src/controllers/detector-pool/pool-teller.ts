import { OwnWrites } from '../../children/own-writes.ts';
import { isNotFound } from '../../kube/kube-error.ts';
import { uidOf } from '../../kube/kube-object.ts';
import { placeOf } from '../../resources/child.ts';
import { type Finding, setConditions } from '../../resources/condition.ts';
import { type DetectorPoolObject, detectorPools } from '../../resources/custom-objects.ts';
import type { DetectorPoolStatus } from '../../resources/detector-pool-status.ts';
import { transitionNotes } from './pool-events.ts';
import type { PoolParts } from './pool-parts.ts';
import { sameStatus } from './pool-status.ts';

/** Writes the status of pools, and an Event for each transition of a condition. */
export class PoolTeller {
  readonly #parts: Pick<PoolParts, 'client' | 'events' | 'clock'>;
  readonly #writes: OwnWrites;

  constructor(parts: Pick<PoolParts, 'client' | 'events' | 'clock'>) {
    this.#parts = parts;
    this.#writes = new OwnWrites(parts.clock.monotonicMs);
  }

  /** The pool as it is known best: a cache that has not heard of our last status yet would make us write it again. */
  newest(cached: DetectorPoolObject): DetectorPoolObject {
    const known = this.#writes.newest({ kind: detectorPools.kind, ...placeOf(cached) }, cached);
    return known !== undefined && known.metadata.uid === cached.metadata.uid ? known : cached;
  }

  /** @returns whether it was written: a status that says the same as before is not */
  async tell(owner: DetectorPoolObject, status: DetectorPoolStatus, signal: AbortSignal): Promise<boolean> {
    const { client, events } = this.#parts;
    if (owner.status === status || sameStatus(owner.status ?? {}, status)) return false;
    const metadata = { ...placeOf(owner), uid: uidOf(owner) };
    try {
      this.#writes.note(await client.patchStatus(detectorPools, { metadata, status }, { signal }));
    } catch (error) {
      // Deleted meanwhile: there is nobody to tell.
      if (isNotFound(error)) return false;
      throw error;
    }
    const before = owner.status?.conditions ?? [];
    for (const note of transitionNotes(before, status.conditions ?? [])) events.record(owner, note);
    return true;
  }

  /** Says only this, and leaves the rest of the status as it was. */
  async say(owner: DetectorPoolObject, findings: readonly Finding[], signal: AbortSignal): Promise<boolean> {
    const { generation } = owner.metadata;
    const at = { nowMs: this.#parts.clock.nowMs(), generation };
    const conditions = [...setConditions(owner.status?.conditions ?? [], findings, at)];
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    return await this.tell(owner, { ...owner.status, ...observed, conditions }, signal);
  }
}
