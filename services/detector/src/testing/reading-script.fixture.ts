import { encodeReadings, type ReadingBlock } from '@verdict/streams';

/** Times of the script's readings are a second apart. */
export const scriptStartMs = 1_700_000_000_000;

/** A block of one series: readings `from` to `to` (without it), by the series' own formula. */
export function scriptBlock(
  series: string,
  from: number,
  to: number,
  signals = ['cpu', 'mem'],
): ReadingBlock {
  const times = Float64Array.from({ length: to - from }, (_, row) => scriptStartMs + (from + row) * 1000);
  const values = Float32Array.from({ length: (to - from) * signals.length }, (_, cell) => {
    const at = from + Math.floor(cell / signals.length);
    const wave = Math.sin(at / 3 + series.length) + 0.1 * Math.sin(at * 7.3 + cell);
    return spiky(series, at) ? wave + 25 : wave;
  });
  return { series, signals, times, values };
}

/** Three readings in a row, twice in the script of a series. */
function spiky(series: string, at: number): boolean {
  const offset = series.length;
  return (at >= 90 + offset && at < 93 + offset) || (at >= 150 + offset && at < 153 + offset);
}

/**
 * Events as they may come: three own series (one changes its signals), a foreign one (sometimes alone), repeated
 * blocks, late
 * readings and an event that nobody can decode. About 230 readings per series.
 */
export function scriptEvents(events = 60): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (let event = 0; event < events; event += 1) {
    const [from, to] = [event * 4 + 10, event * 4 + 14];
    const blocks = [
      scriptBlock('shop/cart', from, to),
      scriptBlock('shop/checkout', from, to, event % 9 === 4 ? ['cpu', 'disk'] : ['cpu', 'mem']),
      scriptBlock('bank/foreign', from, to),
    ];
    if (event > 5) blocks.push(scriptBlock('shop/payment-late', from, to, ['cpu']));
    if (event % 7 === 3) blocks.push(scriptBlock('shop/cart', from - 6, from - 2));
    if (event % 11 === 10) blocks.push(scriptBlock('shop/cart', from - 40, from - 38));
    // Older than the series' first reading: really late.
    if (event % 13 === 8) blocks.push(scriptBlock('shop/payment-late', event % 3, (event % 3) + 1, ['cpu']));
    if (event % 10 === 7) bodies.push(encodeReadings([scriptBlock('bank/foreign', from, to)]));
    bodies.push(event % 17 === 9 ? Uint8Array.of(1, 2, 3, event) : encodeReadings(blocks));
  }
  return bodies;
}
