const firstMs = 500;
const longestMs = 15_000;
/** After a run of this length the next failure counts as the first one. */
const soundRunMs = 30_000;

/** How long a partition is left alone after consuming it failed: twice as long each time, with jitter. */
export class ClaimBackOff {
  readonly #random: () => number;
  readonly #failures = new Map<string, { count: number; untilMs: number }>();

  constructor(random: () => number) {
    this.#random = random;
  }

  failed(partition: string, { nowMs, ranMs }: { nowMs: number; ranMs: number }): void {
    const before = ranMs >= soundRunMs ? 0 : (this.#failures.get(partition)?.count ?? 0);
    const pauseMs = Math.min(longestMs, firstMs * 2 ** before) * (0.5 + this.#random() / 2);
    this.#failures.set(partition, { count: before + 1, untilMs: nowMs + pauseMs });
  }

  mayClaim(partition: string, nowMs: number): boolean {
    return nowMs >= (this.#failures.get(partition)?.untilMs ?? 0);
  }
}
