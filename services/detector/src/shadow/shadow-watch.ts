import type { DetectionEngine } from '@verdict/detection';
import { backOff, type Clock, type Logger } from '@verdict/process';
import { type ShadowTrouble, UnusableVersion } from '@verdict/storage';
import type { DetectorMetrics } from '../metrics.ts';
import type { PartitionMemory } from '../state/partition-memory.ts';
import { OverBudget, ShadowBudget, type ShadowLimits, within } from './shadow-budget.ts';

/** A version that was let go is tried again after this long, then ever more seldom. */
const retry = { firstMs: 5000, maxMs: 300_000 } as const;

/** What watching over shadows needs. */
export interface WatchParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<DetectorMetrics, 'shadowsLetGo'>;
  readonly limits: { readonly shadow: ShadowLimits };
}

/**
 * Watches over what is scored beside the version in force on one partition, for a shadow must never harm that: one
 * that throws or costs too much is let go, told of in the next commit, and tried again only after a while.
 */
export class ShadowWatch {
  readonly limits: ShadowLimits;
  readonly clock: Clock;
  readonly #parts: WatchParts;
  readonly #partition: string;
  readonly #resting = new Map<number, { retryAtMs: number; readonly wait: ReturnType<typeof backOff> }>();
  readonly #failedLoads = new WeakSet<Error>();
  /** Not committed yet. */
  #troubles: readonly ShadowTrouble[] = [];
  #budget: { readonly version: number; readonly budget: ShadowBudget } | null = null;

  constructor(parts: WatchParts, partition: string) {
    this.#parts = parts;
    this.#partition = partition;
    this.limits = parts.limits.shadow;
    this.clock = parts.clock;
  }

  /** What is to be told in the next commit. */
  get troubles(): readonly ShadowTrouble[] {
    return this.#troubles;
  }

  /** So many of them, from the first on, are committed. */
  told(count: number): void {
    this.#troubles = this.#troubles.slice(count);
  }

  /** The time budget of the version that is the shadow now; a new one begins with nothing owed. */
  budgetOf(version: number): ShadowBudget {
    if (this.#budget?.version !== version) this.#budget = { version, budget: new ShadowBudget(this.limits) };
    return this.#budget.budget;
  }

  /** Whether the version may be scored beside another now: it was never let go, or long enough ago. */
  mayTry(version: number): boolean {
    const resting = this.#resting.get(version);
    return resting === undefined || this.clock.monotonicMs() >= resting.retryAtMs;
  }

  /** Lets the shadow go, if there is one of this version; what holds it up is counted and said. */
  letGo(memory: Pick<PartitionMemory, 'shadow'> | null, version: number, error: unknown): void {
    if (memory?.shadow?.version === version) memory.shadow = null;
    const kind = error instanceof OverBudget ? 'budget' : 'error';
    const reason = error instanceof Error ? error.message : String(error);
    this.#budget = null;
    this.#troubles = [...this.#troubles, { shadow: version, kind, reason }];
    const wait = this.#resting.get(version)?.wait ?? backOff(retry);
    this.#resting.set(version, { retryAtMs: this.clock.monotonicMs() + wait.nextMs(), wait });
    const { logger, metrics } = this.#parts;
    metrics.shadowsLetGo.inc({ cause: kind });
    logger.warn({ partition: this.#partition, version, reason }, 'a shadow was let go');
  }

  /** A version that is missing or damaged is held against it once per failed load; unreachable blobs are no fault of it. */
  noteFailedLoad(version: number, failure: Error | null): void {
    if (!(failure instanceof UnusableVersion) || this.#failedLoads.has(failure)) return;
    this.#failedLoads.add(failure);
    this.letGo(null, version, failure);
  }

  /** Forgets all versions but the one that is wanted. */
  keepOnly(version: number | null): void {
    for (const known of [...this.#resting.keys()]) if (known !== version) this.#resting.delete(known);
  }

  /** Has an engine scored beside from now on; when it cannot be made, or not in time, there is none. */
  async begin(
    memory: Pick<PartitionMemory, 'shadow'>,
    version: number,
    make: () => Promise<DetectionEngine>,
  ): Promise<void> {
    try {
      const shadow = await within(this.clock, this.limits.beginMs, make());
      memory.shadow = shadow;
    } catch (error) {
      memory.shadow = null;
      this.letGo(null, version, error);
    }
  }
}
