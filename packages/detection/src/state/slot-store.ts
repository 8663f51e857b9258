import { Memory, type Slot } from './memory.ts';

/** Slots are made in pieces of about this size: few objects, and little that is never used. */
const bytesPerPiece = 1 << 17;

/** Memory for many things of the same size. */
export class SlotStore {
  readonly words: number;
  readonly #perPiece: number;
  readonly #free: Slot[] = [];
  #piece: Memory | null = null;
  #used = 0;

  /** @param words size of a slot, even */
  constructor(words: number) {
    this.words = words;
    this.#perPiece = Math.max(1, Math.floor(bytesPerPiece / (4 * words)));
  }

  /** A slot of zeros. */
  take(): Slot {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#piece === null || this.#used === this.#perPiece) {
      this.#piece = new Memory(this.words * this.#perPiece);
      this.#used = 0;
    }
    const at = this.#used * this.words;
    this.#used += 1;
    return { memory: this.#piece, at };
  }

  /** Takes a slot back; nobody may use it any more. */
  give(slot: Slot): void {
    slot.memory.i32.fill(0, slot.at, slot.at + this.words);
    this.#free.push(slot);
  }
}
