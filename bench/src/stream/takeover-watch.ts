import type { Database } from '@verdict/storage';

/** How long one partition stood still, ms. */
export interface Handover {
  readonly partition: string;
  /** From the last commit of the old owner until the partition had a new one. */
  readonly unownedMs: number;
  /** From the last commit of the old owner to the first one of the new. */
  readonly gapMs: number;
}

/** What the lease of a partition looked like when it was looked at last. */
interface Seen {
  readonly epoch: number;
  readonly checkpoint: number;
  /** When its checkpoint moved last. */
  readonly movedMs: number;
  /** When it got this epoch, and when it was moved last with the one before; null = it was claimed before the watch. */
  readonly claimedMs: number | null;
  readonly lastMovedMs: number;
}

const pollMs = 20;

/** Looks at the leases of a pool all the time: who has which partition, and when something was committed. */
export class TakeoverWatch {
  readonly #database: Database;
  readonly #pool: string;
  readonly #seen = new Map<string, Seen>();
  readonly #handovers: Handover[] = [];
  #watching = true;
  #claimed = false;
  readonly #loop: Promise<void>;

  constructor(database: Database, pool: string) {
    this.#database = database;
    this.#pool = pool;
    this.#loop = this.#watch();
    // Whoever waits for handovers hears of it.
    this.#loop.catch(() => undefined);
  }

  /** Whether some partition has a new owner already. */
  get isClaimed(): boolean {
    return this.#claimed;
  }

  /** Handovers that are complete, in the order in which they were. */
  get handovers(): readonly Handover[] {
    return this.#handovers;
  }

  async close(): Promise<void> {
    this.#watching = false;
    await this.#loop;
  }

  async #watch(): Promise<void> {
    while (this.#watching) {
      const rows = await this.#database.query<{ partition: string; epoch: number; checkpoint: number }>(
        'SELECT partition, epoch, checkpoint FROM lease WHERE grp = $1',
        [this.#pool],
      );
      const nowMs = performance.now();
      for (const row of rows) this.#look(row, nowMs);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  #look(row: { partition: string; epoch: number; checkpoint: number }, nowMs: number): void {
    const { partition, epoch, checkpoint } = row;
    const before = this.#seen.get(partition);
    const moved = before !== undefined && checkpoint > before.checkpoint;
    const movedMs = before === undefined || moved ? nowMs : before.movedMs;
    if (before === undefined || epoch === before.epoch) {
      this.#seen.set(partition, {
        ...{ epoch, checkpoint, movedMs },
        claimedMs: moved ? null : (before?.claimedMs ?? null),
        lastMovedMs: before?.lastMovedMs ?? nowMs,
      });
      if (moved && before.claimedMs !== null) this.#end(partition, before, nowMs);
      return;
    }
    this.#claimed = true;
    // What was committed between two looks was committed by the old owner.
    this.#seen.set(partition, { epoch, checkpoint, movedMs, claimedMs: nowMs, lastMovedMs: movedMs });
  }

  #end(partition: string, { claimedMs, lastMovedMs }: Seen, nowMs: number): void {
    const unownedMs = (claimedMs ?? nowMs) - lastMovedMs;
    this.#handovers.push({ partition, unownedMs, gapMs: nowMs - lastMovedMs });
  }
}
