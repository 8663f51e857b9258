import type { Clock } from '@verdict/process';
import type { SeriesStore } from '@verdict/storage';

/** What is noted of a series at the door. */
export interface DoorNote {
  readonly series: string;
  readonly state: 'unassigned' | 'refused';
  readonly reason: string;
  readonly atMs: number;
}

const maxNotes = 10_000;
const notesPerWrite = 1000;

/**
 * Remembers which series no model wants and which were refused, and writes them behind; the newest note of a series
 * wins. Memory is bounded: beyond 10,000 series nothing new is noted until the next write.
 */
export class DoorNotes {
  readonly #store: Pick<SeriesStore, 'noteAtDoor'>;
  readonly #clock: Clock;
  readonly #notes = new Map<string, DoorNote>();

  constructor(store: Pick<SeriesStore, 'noteAtDoor'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  note(series: string, state: DoorNote['state'], reason: string): void {
    if (this.#notes.size >= maxNotes && !this.#notes.has(series)) return;
    this.#notes.set(series, { series, state, reason, atMs: this.#clock.nowMs() });
  }

  /** Writes everything noted so far. What could not be written is kept for the next time. */
  async write(): Promise<void> {
    for (let round = 0; round < maxNotes / notesPerWrite && this.#notes.size > 0; round++) {
      const batch = [...this.#notes.values()].slice(0, notesPerWrite);
      await this.#store.noteAtDoor(batch);
      for (const note of batch) if (this.#notes.get(note.series) === note) this.#notes.delete(note.series);
    }
  }
}
