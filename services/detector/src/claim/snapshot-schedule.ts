import type { SnapshotLoad } from './snapshot-load.ts';

/** See `RunLimits`. */
interface ScheduleLimits {
  readonly snapshotMs: number;
  readonly snapshotReadings: number;
  readonly replayMs: number;
}

/** Events after which a snapshot is due, of ours or not: they would all be read again after a crash. */
const passedEvents = 5000;

/** Says when the next snapshot is worth its cost. */
export class SnapshotSchedule {
  readonly #everyMs: number;
  readonly #everyReadings: number;
  readonly #replayMs: number;
  #lastMs: number;
  readonly #load: SnapshotLoad;
  #readings = 0;
  #workMs = 0;
  #changed = false;
  #passed = 0;

  constructor(limits: ScheduleLimits, nowMs: number, load: SnapshotLoad) {
    this.#everyMs = limits.snapshotMs;
    this.#everyReadings = limits.snapshotReadings;
    this.#replayMs = limits.replayMs;
    this.#lastMs = nowMs;
    this.#load = load;
    load.note(this, 0);
  }

  /** Something was processed that the newest snapshot does not hold. */
  note(readings: number): void {
    this.#readings += readings;
    this.#changed = true;
  }

  /** So long it took to score what came: a replay takes as long. */
  worked(ms: number): void {
    this.#workMs += ms;
  }

  /** Events went by; when there are many, also those that left memory as it was are worth a snapshot. */
  pass(events: number): void {
    this.#passed += events;
    if (this.#passed >= passedEvents) this.#changed = true;
  }

  /** Whether anything was processed since the newest snapshot. */
  get changed(): boolean {
    return this.#changed;
  }

  /**
   * Times are monotonic. What counts is the work of a replay: who takes over all partitions of the process shall have
   * no more than the limit. However large the state, the snapshots of all of them together take at most a fifth of the
   * process's time: a replay of more readings is the lesser evil. Those that are due by time alone take a twentieth.
   */
  due(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#lastMs;
    if (!this.#changed || elapsedMs < 5 * this.#load.totalMs) return false;
    return (
      elapsedMs >= Math.max(this.#everyMs, 20 * this.#load.totalMs) ||
      this.#readings >= this.#everyReadings ||
      this.#passed >= passedEvents ||
      this.#workMs >= this.#replayMs / this.#load.partitions
    );
  }

  /** Whether the partition, which is given back, may take a last snapshot; see {@link SnapshotLoad.takeLast}. */
  takeLast(): boolean {
    return this.#load.takeLast(this);
  }

  /** A snapshot was tried; `costMs` is how long it took. */
  taken(nowMs: number, costMs: number): void {
    this.#lastMs = nowMs;
    this.#load.note(this, costMs);
    this.#readings = 0;
    this.#workMs = 0;
    this.#changed = false;
    this.#passed = 0;
  }

  /** The partition is given back: what it cost counts no more. */
  close(): void {
    this.#load.forget(this);
  }
}
