import type { SnapshotLoad } from './snapshot-load.ts';

/** Events without anything of ours after which a snapshot is due: they would all be read again after a crash. */
const passedEvents = 5000;

/** Says when the next snapshot is worth its cost, and when the status of every series is to be written. */
export class SnapshotSchedule {
  readonly #everyMs: number;
  readonly #everyReadings: number;
  #lastMs: number;
  readonly #load: SnapshotLoad;
  #readings = 0;
  #changed = false;
  #passed = 0;

  constructor(limits: { snapshotMs: number; snapshotReadings: number }, nowMs: number, load: SnapshotLoad) {
    this.#everyMs = limits.snapshotMs;
    this.#everyReadings = limits.snapshotReadings;
    this.#lastMs = nowMs;
    this.#load = load;
  }

  /** Something was processed that the newest snapshot does not hold. */
  note(readings: number): void {
    this.#readings += readings;
    this.#changed = true;
  }

  /** Events went by that left memory as it was. */
  pass(events: number): void {
    this.#passed += events;
    if (this.#passed >= passedEvents) this.#changed = true;
  }

  /** Whether anything was processed since the newest snapshot. */
  get changed(): boolean {
    return this.#changed;
  }

  /**
   * Times are monotonic. However large the state, the snapshots of all partitions of the process together take at most a
   * fifth of its time: a replay of more readings is the lesser evil.
   */
  due(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#lastMs;
    if (!this.#changed || elapsedMs < 5 * this.#load.totalMs) return false;
    return elapsedMs >= this.#everyMs || this.#readings >= this.#everyReadings;
  }

  /** A snapshot was tried; `costMs` is how long it took. */
  taken(nowMs: number, costMs: number): void {
    this.#lastMs = nowMs;
    this.#load.note(this, costMs);
    this.#readings = 0;
    this.#changed = false;
    this.#passed = 0;
  }

  /** The partition is given back: what it cost counts no more. */
  close(): void {
    this.#load.forget(this);
  }
}
