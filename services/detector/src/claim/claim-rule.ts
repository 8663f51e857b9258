import type { PartitionPlan } from '@verdict/contracts';
import type { Member } from '@verdict/streams';

/**
 * Which partitions a detector that is pinned to a version wants: those planned for its version; and
 * those whose fallback it is, once their own version has had no live detector for one lease expiry.
 */
export class ClaimRule {
  readonly #pinnedVersion: number;
  readonly #expiryMs: number;
  /** When a live detector of a version (or an unpinned one) was last seen, monotonic ms. */
  readonly #seenMs = new Map<number, number>();

  constructor(pinnedVersion: number, expiryMs: number) {
    this.#pinnedVersion = pinnedVersion;
    this.#expiryMs = expiryMs;
  }

  wants(planned: PartitionPlan, members: readonly Pick<Member, 'pinnedVersion'>[], nowMs: number): boolean {
    const { version, fallback } = planned;
    if (version === this.#pinnedVersion) return true;
    if (fallback !== this.#pinnedVersion) return false;
    const alive = members.some(({ pinnedVersion }) => pinnedVersion === version || pinnedVersion === null);
    // A version that was never seen counts from the first look on: its detectors may just be starting.
    if (alive || !this.#seenMs.has(version)) this.#seenMs.set(version, nowMs);
    return nowMs - (this.#seenMs.get(version) ?? nowMs) >= this.#expiryMs;
  }
}
