import type { Clock } from '@verdict/process';

/** A platform that does not answer for a moment is not worth a word. */
const toldAfterMs = 10_000;
/** Detectors that are replaced leave partitions without a holder for a moment. */
const handoverMs = 15_000;
const firstWaitMs = 2000;
const mostWaitMs = 30_000;
/** What is retired loses its artefacts no sooner than after so long. */
const pruneAgainMs = 10 * 60_000;
const mostUsed = 1000;

/** What the operator remembers of a model between two looks. All of it may be lost: a new operator begins anew. */
export class ModelMemory {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly usedTriggers = new Set<string>();
  /** Monotonic ms before which nothing that was read of the platform is to be acted upon: we have written since. */
  readFromMs = Number.NEGATIVE_INFINITY;
  #awaySinceMs: number | null = null;
  #awayLooks = 0;
  #unservedSinceMs: number | null = null;
  #movedAtMs: number;
  #declared = { digest: '', atMs: Number.NEGATIVE_INFINITY };
  #prunedAtMs = Number.NEGATIVE_INFINITY;
  /** Whether something may wait for its second call: nobody knows what an operator before us left. */
  #pruneLeft = true;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
    // A new operator does not begin by writing every number that moved while there was none.
    this.#movedAtMs = clock.monotonicMs();
  }

  /** Something was written to the platform. */
  wrote(): void {
    this.readFromMs = this.#clock.monotonicMs();
  }

  /** An id was used before, and the platform does not list it any more. */
  used(triggerId: string): void {
    if (this.usedTriggers.size >= mostUsed) this.usedTriggers.clear();
    this.usedTriggers.add(triggerId);
  }

  /** The platform has answered. */
  answered(): void {
    this.#awaySinceMs = null;
    this.#awayLooks = 0;
  }

  /** The platform does not answer: whether that is to be told, and when to look again. */
  away(): { readonly told: boolean; readonly afterMs: number } {
    const nowMs = this.#clock.monotonicMs();
    this.#awaySinceMs ??= nowMs;
    const afterMs = Math.min(mostWaitMs, firstWaitMs * 2 ** Math.min(this.#awayLooks, 10));
    this.#awayLooks++;
    return { told: nowMs - this.#awaySinceMs >= toldAfterMs, afterMs };
  }

  /** Whether nobody has served the model for longer than a handover takes. */
  unserved(serves: boolean): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (serves) this.#unservedSinceMs = null;
    else this.#unservedSinceMs ??= nowMs;
    return this.#unservedSinceMs !== null && nowMs - this.#unservedSinceMs >= handoverMs;
  }

  /** How long ago numbers that only move were written, ms. */
  get sinceMovedMs(): number {
    return this.#clock.monotonicMs() - this.#movedAtMs;
  }

  moved(): void {
    this.#movedAtMs = this.#clock.monotonicMs();
  }

  /** Whether to declare the model to a platform that says something else: the same at most once a minute. */
  mayDeclare(digest: string): boolean {
    return this.#declared.digest !== digest || this.#clock.monotonicMs() - this.#declared.atMs >= 60_000;
  }

  declared(digest: string): void {
    this.#declared = { digest, atMs: this.#clock.monotonicMs() };
    this.wrote();
  }

  /** Whether versions are to be pruned now: some that nothing uses, or some that were retired before. */
  mayPrune({ unused, retired }: { readonly unused: boolean; readonly retired: boolean }): boolean {
    const wanted = unused || (retired && this.#pruneLeft);
    return wanted && this.#clock.monotonicMs() - this.#prunedAtMs >= pruneAgainMs;
  }

  /** @param left whether something was retired whose artefacts are still to be deleted */
  pruned(left: boolean): void {
    this.#prunedAtMs = this.#clock.monotonicMs();
    this.#pruneLeft = left;
  }
}
