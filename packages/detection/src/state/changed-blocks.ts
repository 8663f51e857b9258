import type { Slot } from './memory.ts';
import type { StateReader, StateWriter } from './state-codec.ts';

// A slot is looked at in blocks. Of each the last state is remembered by a hash, and a block whose hash is another one
// is written anew. Between two readings a sixth of a slot changes, between thirty about half.

/** Words of a block. */
const blockWords = 16;
/** A hash has 64 bits, so that one which stays the same by chance is not to be expected in a detector's life. */
const hashWords = 2;

/** Words that the hashes of a slot of so many words take; even. */
export function hashSlotWords(words: number): number {
  return hashWords * Math.ceil(words / blockWords);
}

const mask = new Uint8Array(1 << 16);

/**
 * Brings the hashes of a slot up to date and writes, if there is somewhere to write to, which blocks are others than
 * before, and those. Hashes of zeros stand for a slot that was never written: every block of it is.
 */
export function followBlocks(
  { slot, words, hashes }: { readonly slot: Slot; readonly words: number; readonly hashes: Slot },
  to: StateWriter | null,
): void {
  const { i32 } = slot.memory;
  const known = hashes.memory.i32;
  const blocks = Math.ceil(words / blockWords);
  const maskBytes = Math.ceil(blocks / 8);
  mask.fill(0, 0, maskBytes);
  for (let block = 0; block < blocks; block += 1) {
    const from = slot.at + block * blockWords;
    const end = Math.min(from + blockWords, slot.at + words);
    // Each step is one to one in the word and in the hash, and carries high bits down: two changes in a block must
    // not cancel each other, as two turned signs would under a mere product.
    let one = 0x2545f491;
    let other = 0x4f6cdd1d;
    for (let at = from; at < end; at += 1) {
      const word = i32[at] ?? 0;
      one = Math.imul(one ^ word, 0x85ebca6b);
      one ^= one >>> 13;
      other = Math.imul((other + word) | 0, 0xc2b2ae35);
      other = (other << 15) | (other >>> 17);
    }
    // No hash is zero: that stands for "never written".
    other |= 1;
    const place = hashes.at + hashWords * block;
    if (known[place] === one && known[place + 1] === other) continue;
    known[place] = one;
    known[place + 1] = other;
    mask[block >> 3] = (mask[block >> 3] ?? 0) | (1 << (block & 7));
  }
  if (to === null) return;
  to.bytes(mask, maskBytes);
  for (let block = 0; block < blocks; block += 1) {
    if (((mask[block >> 3] ?? 0) & (1 << (block & 7))) === 0) continue;
    const from = block * blockWords;
    to.words(i32, slot.at + from, Math.min(blockWords, words - from));
  }
}

/** Reads what {@link followBlocks} wrote into a slot that holds the state before. */
export function readBlocks({ memory, at }: Slot, words: number, from: StateReader): void {
  const blocks = Math.ceil(words / blockWords);
  const maskBytes = Math.ceil(blocks / 8);
  from.bytes(mask, maskBytes);
  for (let block = 0; block < blocks; block += 1) {
    if (((mask[block >> 3] ?? 0) & (1 << (block & 7))) === 0) continue;
    const place = block * blockWords;
    from.words(memory.i32, at + place, Math.min(blockWords, words - place));
  }
}
