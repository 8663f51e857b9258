import type { SnapshotLoad } from './snapshot-load.ts';

/** See `RunLimits`. */
interface ScheduleLimits {
  readonly snapshotMs: number;
  readonly snapshotReadings: number;
  readonly replayMs: number;
  readonly statusMs: number;
}

/** Events after which a snapshot is due, of ours or not: they would all be read again after a crash. */
const passedEvents = 5000;

/** Statuses of series that a partition writes in a second at most: the database has other work to do. */
const statusesPerSecond = 250;

/** Says when the next snapshot is worth its cost, and when the status of every series is to be written. */
export class SnapshotSchedule {
  readonly #everyMs: number;
  readonly #everyReadings: number;
  readonly #replayMs: number;
  readonly #statusMs: number;
  #lastMs: number;
  #statusLastMs: number;
  readonly #load: SnapshotLoad;
  #readings = 0;
  #workMs = 0;
  #changed = false;
  #statusChanged = false;
  #passed = 0;

  constructor(limits: ScheduleLimits, nowMs: number, load: SnapshotLoad) {
    this.#everyMs = limits.snapshotMs;
    this.#everyReadings = limits.snapshotReadings;
    this.#replayMs = limits.replayMs;
    this.#statusMs = limits.statusMs;
    this.#lastMs = nowMs;
    this.#statusLastMs = nowMs;
    this.#load = load;
    load.note(this, 0);
  }

  /** Something was processed that the newest snapshot does not hold. */
  note(readings: number): void {
    this.#readings += readings;
    this.#changed = true;
    this.#statusChanged = true;
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

  /** Whether anything was processed since the newest snapshot, or the status of some series is not written. */
  get changed(): boolean {
    return this.#changed || this.#statusChanged;
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

  /** Whether the status of all of so many series is to be written. */
  statusDue(nowMs: number, series: number): boolean {
    if (!this.#statusChanged) return false;
    const everyMs = Math.max(this.#statusMs, (1000 * series) / statusesPerSecond);
    return nowMs - this.#statusLastMs >= everyMs;
  }

  statusWritten(nowMs: number): void {
    this.#statusLastMs = nowMs;
    this.#statusChanged = false;
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
