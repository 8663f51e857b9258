/** One piece of memory, seen as numbers of several sizes. */
export class Memory {
  readonly f64: Float64Array;
  readonly f32: Float32Array;
  readonly i32: Int32Array;
  readonly i16: Int16Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;

  /** @param words of 4 bytes */
  constructor(words: number) {
    const buffer = new ArrayBuffer(8 * Math.ceil(words / 2));
    this.f64 = new Float64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.i16 = new Int16Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }
}

/** A slice of memory: where the state of one thing lies. All zeros = nothing has been seen yet. */
export interface Slot {
  readonly memory: Memory;
  /** Index of its first word, even. */
  readonly at: number;
}

const nothing = new Memory(0);

/** A slot that is pointed to: of many things that are told by number, the one that is looked at now. */
export class SlotPointer implements Slot {
  memory: Memory = nothing;
  at = 0;
}
