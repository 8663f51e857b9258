import { Memory, type Slot, type SlotPointer } from './memory.ts';

/** Slots are made in pieces of at most about this size: few objects, and little that is never used. */
const bytesPerPiece = 1 << 17;

/** Memory for many things of the same size, told by number: there is no object for each of them. */
export class SlotStore {
  readonly words: number;
  /** Logarithm of base 2 of the slots in a piece. */
  readonly #bits: number;
  readonly #pieces: Memory[] = [];
  readonly #free: number[] = [];
  #made = 0;

  /** @param words size of a slot, even */
  constructor(words: number) {
    this.words = words;
    this.#bits = Math.max(0, Math.floor(Math.log2(bytesPerPiece / (4 * words))));
  }

  /** Number of a slot of zeros. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    this.reach(this.#made);
    this.#made += 1;
    return this.#made - 1;
  }

  /** Takes a slot back; nobody may use it any more. */
  give(number: number): void {
    this.clear(number);
    this.#free.push(number);
  }

  /** Makes room for all slots up to one, where another store hands out the numbers. */
  reach(number: number): void {
    while (this.#pieces.length <= number >> this.#bits)
      this.#pieces.push(new Memory(this.words << this.#bits));
  }

  clear(number: number): void {
    const { memory, at } = this.slot(number);
    memory.i32.fill(0, at, at + this.words);
  }

  /** Points to a slot. */
  point(number: number, pointer: SlotPointer): void {
    const piece = this.#pieces[number >> this.#bits];
    if (piece === undefined) throw new RangeError(`there is no slot ${number}`);
    pointer.memory = piece;
    pointer.at = (number & ((1 << this.#bits) - 1)) * this.words;
  }

  /** A slot to keep at hand, for where it is looked for seldom. */
  slot(number: number): Slot {
    const memory = this.#pieces[number >> this.#bits];
    if (memory === undefined) throw new RangeError(`there is no slot ${number}`);
    return { memory, at: (number & ((1 << this.#bits) - 1)) * this.words };
  }
}
