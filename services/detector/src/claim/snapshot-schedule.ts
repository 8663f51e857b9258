/** Events without anything of ours after which a snapshot is due: they would all be read again after a crash. */
const passedEvents = 5000;

/** Says when the next snapshot is worth its cost, and when the status of every series is to be written. */
export class SnapshotSchedule {
  readonly #everyMs: number;
  readonly #everyReadings: number;
  #lastMs: number;
  #costMs = 0;
  #readings = 0;
  #changed = false;
  #passed = 0;

  constructor(limits: { snapshotMs: number; snapshotReadings: number }, nowMs: number) {
    this.#everyMs = limits.snapshotMs;
    this.#everyReadings = limits.snapshotReadings;
    this.#lastMs = nowMs;
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

  /** Times are monotonic. However large the state, snapshots take at most a fifth of the time. */
  due(nowMs: number): boolean {
    const elapsedMs = nowMs - this.#lastMs;
    if (!this.#changed || elapsedMs < 4 * this.#costMs) return false;
    return elapsedMs >= this.#everyMs || this.#readings >= this.#everyReadings;
  }

  /** A snapshot was tried; `costMs` is how long it took. */
  taken(nowMs: number, costMs: number): void {
    this.#lastMs = nowMs;
    this.#costMs = costMs;
    this.#readings = 0;
    this.#changed = false;
    this.#passed = 0;
  }
}
