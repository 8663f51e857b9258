import type { Clock } from '@verdict/process';
import { DelayHeap } from './delay-heap.ts';
import { RetryDelays, type RetryLimits } from './retry-delays.ts';
import { noQueueMetrics, type QueueMetrics } from './work-queue-metrics.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly metrics?: QueueMetrics;
  readonly retryLimits?: RetryLimits;
}

/** Timers of Node end at once when they are set for more than 24 days; and looking now and then costs nothing. */
const longestSleepMs = 3_600_000;

/**
 * Keys that wait to be looked at.
 *
 * A key is in any of: `dirty` (to be looked at), `ready` (dirty, and nobody is at work on it: in line), `working`
 * (taken, not yet done), `later` (due at some time). Adding a dirty key changes nothing, so a thousand events are one
 * look; adding a key that is being worked on makes it ready when it is done, so no key is worked on twice at a time.
 * From `shutDown` on nothing is added; what is dirty is dropped (the next process finds it in its first list).
 */
export class WorkQueue<Key> {
  readonly #clock: Clock;
  readonly #metrics: QueueMetrics;
  readonly #retries: RetryDelays<Key>;
  readonly #dirty = new Set<Key>();
  /** In order; by key the time it came in line. */
  readonly #ready = new Map<Key, number>();
  /** By key the time it was taken. */
  readonly #working = new Map<Key, number>();
  readonly #later = new DelayHeap<Key>();
  readonly #takers: ((key: Key | undefined) => void)[] = [];
  readonly #idle: (() => void)[] = [];
  #alarm: { dueMs: number; off: AbortController } | undefined;
  #shut = false;

  constructor({ clock, metrics = noQueueMetrics, retryLimits = {} }: WorkQueueOptions) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#retries = new RetryDelays(retryLimits, clock);
    metrics.observe(() => this.#longestRunning());
  }

  /** Keys in line. */
  get depth(): number {
    return this.#ready.size;
  }

  /** Keys being worked on. */
  get working(): readonly Key[] {
    return [...this.#working.keys()];
  }

  add(key: Key): void {
    if (this.#shut || this.#dirty.has(key)) return;
    this.#metrics.added();
    this.#dirty.add(key);
    if (!this.#working.has(key)) this.#line(key);
  }

  /** Adds the key at its time; an earlier time that was asked for stays. */
  addAfter(key: Key, afterMs: number): void {
    if (this.#shut) return;
    if (afterMs <= 0) {
      this.add(key);
      return;
    }
    this.#later.add(key, this.#clock.monotonicMs() + afterMs);
    this.#setAlarm();
  }

  /** Adds the key after a wait that grows with its failures; at least `atLeastMs`. Returns the wait. */
  retry(key: Key, atLeastMs = 0): number {
    const waitMs = Math.max(atLeastMs, this.#retries.failed(key));
    if (!this.#shut) this.#metrics.retried();
    this.addAfter(key, waitMs);
    return waitMs;
  }

  /** The key's next failure is its first. */
  forget(key: Key): void {
    this.#retries.forget(key);
  }

  /** Failures of the key in a row. */
  failures(key: Key): number {
    return this.#retries.failures(key);
  }

  /** The next key, when there is one; undefined once the queue is shut down. Every key taken must be `done`. */
  take(): Promise<Key | undefined> {
    if (this.#shut) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#serve();
    });
  }

  done(key: Key): void {
    const takenMs = this.#working.get(key);
    if (takenMs === undefined) return;
    this.#working.delete(key);
    this.#metrics.worked((this.#clock.monotonicMs() - takenMs) / 1000);
    if (this.#dirty.has(key)) this.#line(key);
    if (this.#working.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Takes and adds nothing more. */
  shutDown(): void {
    if (this.#shut) return;
    this.#shut = true;
    this.#alarm?.off.abort();
    this.#alarm = undefined;
    this.#later.clear();
    this.#dirty.clear();
    this.#ready.clear();
    this.#metrics.depth(0);
    for (const resolve of this.#takers.splice(0)) resolve(undefined);
  }

  /** Shuts down; resolves when everything that was taken is done. */
  async drain(): Promise<void> {
    this.shutDown();
    if (this.#working.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #line(key: Key): void {
    if (this.#shut) return;
    this.#ready.set(key, this.#clock.monotonicMs());
    this.#metrics.depth(this.#ready.size);
    this.#serve();
  }

  #serve(): void {
    for (const [key, sinceMs] of this.#ready) {
      const taker = this.#takers.shift();
      if (taker === undefined) return;
      const nowMs = this.#clock.monotonicMs();
      this.#ready.delete(key);
      this.#dirty.delete(key);
      this.#working.set(key, nowMs);
      this.#metrics.depth(this.#ready.size);
      this.#metrics.waited((nowMs - sinceMs) / 1000);
      taker(key);
    }
  }

  /** One timer for all delayed keys: for the earliest. */
  #setAlarm(): void {
    const dueMs = this.#later.firstDueMs;
    if (dueMs === undefined || (this.#alarm !== undefined && this.#alarm.dueMs <= dueMs)) return;
    this.#alarm?.off.abort();
    const off = new AbortController();
    this.#alarm = { dueMs, off };
    const ring = (): void => {
      if (off.signal.aborted) return;
      this.#alarm = undefined;
      const nowMs = this.#clock.monotonicMs();
      for (let key = this.#later.takeDue(nowMs); key !== undefined; key = this.#later.takeDue(nowMs))
        this.add(key);
      this.#setAlarm();
    };
    const waitMs = Math.min(longestSleepMs, Math.max(0, dueMs - this.#clock.monotonicMs()));
    // Rejects only when it was switched off; then another alarm is set, or none is needed.
    this.#clock.sleep(waitMs, off.signal).then(ring, () => undefined);
  }

  #longestRunning() {
    const nowMs = this.#clock.monotonicMs();
    const seconds = [...this.#working.values()].map((takenMs) => (nowMs - takenMs) / 1000);
    return { unfinished: seconds.reduce((sum, one) => sum + one, 0), longest: Math.max(0, ...seconds) };
  }
}
