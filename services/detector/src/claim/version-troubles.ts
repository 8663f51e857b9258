import type { PartitionPlan } from '@verdict/contracts';
import { backOff, type Clock } from '@verdict/process';

/** A version that failed is tried again after this long, then ever more seldom. */
const retry = { firstMs: 5000, maxMs: 300_000 } as const;

interface Trouble {
  /** Null after it scored well again; the next failure goes on where the waits were. */
  reason: string | null;
  retryAtMs: number;
  failsReplay: boolean;
  readonly wait: ReturnType<typeof backOff>;
}

/**
 * Learnt versions that failed on one partition: their net, or already their loading. The stream goes on with another one meanwhile, so a bad net
 * costs neither readings nor time. The built-in version has no net and is always there.
 */
export class VersionTroubles {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #troubles = new Map<number, Trouble>();
  readonly #failedLoads = new WeakSet<Error>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Loading the version, a swap to it, or scoring with it has failed. */
  note(version: number, reason: string, inReplay = false): void {
    if (version === 0) return;
    const known = this.#troubles.get(version);
    const wait = known?.wait ?? backOff(retry);
    const retryAtMs = this.#clock.monotonicMs() + wait.nextMs();
    const failsReplay = inReplay || (known?.failsReplay ?? false);
    this.#troubles.set(version, { reason, retryAtMs, failsReplay, wait });
  }

  /** Whether nobody has asked this of the same failed load before. */
  isNewLoad(failure: Error): boolean {
    if (this.#failedLoads.has(failure)) return false;
    this.#failedLoads.add(failure);
    return true;
  }

  /** Whether the version may be tried now: it never failed, or long enough ago. */
  mayTry(version: number): boolean {
    const trouble = this.#troubles.get(version);
    return trouble === undefined || trouble.reason === null || this.#clock.monotonicMs() >= trouble.retryAtMs;
  }

  /** Whether the version failed on events that it had scored before. */
  failsReplay(version: number): boolean {
    return this.#troubles.get(version)?.failsReplay ?? false;
  }

  /** Why the version does not serve; null when nothing is wrong with it. */
  reason(version: number): string | null {
    return this.#troubles.get(version)?.reason ?? null;
  }

  /** Readings that the version scored were committed. */
  settle(version: number): void {
    const trouble = this.#troubles.get(version);
    if (trouble === undefined) return;
    trouble.reason = null;
    trouble.failsReplay = false;
  }

  /** Forgets versions that nobody wants any more. */
  keepOnly(versions: readonly number[]): void {
    for (const version of [...this.#troubles.keys()])
      if (!versions.includes(version)) this.#troubles.delete(version);
  }
}

/**
 * The version to serve with now: the planned one; while that one fails, the one in force; when that is the failing
 * one, the fallback; at last the built-in one.
 */
export function versionToServe(plan: PartitionPlan, inForce: number, troubles: VersionTroubles): number {
  for (const version of [plan.version, inForce, plan.fallback])
    if (version !== null && troubles.mayTry(version)) return version;
  return 0;
}
