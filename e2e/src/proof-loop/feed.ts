import type { PlatformClient } from '@verdict/platform-client';
import { pause } from './pause.ts';
import type { Scenario } from './scenario.ts';

/** Sends step after step to every arm, each step to all of them before the next one, so that all see the same. */
export class Feed {
  readonly #scenario: Scenario;
  readonly #clients: readonly PlatformClient[];
  readonly #ended: Promise<void>;
  #paceMs: number;
  #limit: number;
  #step: number;
  #stopping = false;
  #failure: unknown = null;

  constructor(parts: {
    scenario: Scenario;
    clients: readonly PlatformClient[];
    fromStep: number;
    /** It waits before this step. */
    limit: number;
    paceMs: number;
  }) {
    this.#scenario = parts.scenario;
    this.#clients = parts.clients;
    this.#step = parts.fromStep;
    this.#paceMs = parts.paceMs;
    this.#limit = parts.limit;
    this.#ended = this.#live().catch((error: unknown) => {
      this.#failure = error;
    });
  }

  /** Every step before this one is acknowledged by every arm. */
  get step(): number {
    return this.#step;
  }

  set paceMs(value: number) {
    this.#paceMs = value;
  }

  /** Throws what ended the feed early. */
  check(): void {
    if (this.#failure !== null) throw new Error('readings could not be sent', { cause: this.#failure });
  }

  /** Resolves when every step before this one is acknowledged; rejects when that takes longer than a minute too long. */
  async reached(step: number): Promise<void> {
    const deadline = performance.now() + 60_000 + 4 * (step - this.#step) * Math.max(this.#paceMs, 50);
    while (this.#step < step) {
      this.check();
      if (performance.now() > deadline)
        throw new Error(`sending is too slow: at step ${this.#step} of ${step}`);
      await pause(50);
    }
  }

  /** Ends after the step under way. Rejects with what ended it early. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#ended;
    this.check();
  }

  async #live(): Promise<void> {
    let due = performance.now();
    while (!this.#stopping) {
      if (this.#step >= this.#limit) {
        await pause(20);
        continue;
      }
      const readings = this.#scenario.readingsOf(this.#step);
      await Promise.all(this.#clients.map((client) => client.sendReadings(readings)));
      this.#step += 1;
      // What was lost by a slow moment is made up for, but not a whole pause.
      due = Math.max(due + this.#paceMs, performance.now() - 10 * this.#paceMs);
      await pause(due - performance.now());
    }
  }
}
