import type { HistoryRows, HistoryStore } from '@verdict/storage';

export const shopSignals = ['requests', 'cpu'];
const stepMs = 5000;
/** Readings of one of the shop's days. */
const dayReadings = 120;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Days of two signals that go together, with a little noise; the last reading is at `endMs`. */
export function shopRows(seed: number, readings: number, endMs: number): HistoryRows {
  const random = randomFrom(seed);
  const noise = () => random() + random() + random() - 1.5;
  const values = new Float32Array(readings * 2);
  for (let row = 0; row < readings; row++) {
    const load = 100 + 40 * Math.sin((2 * Math.PI * row) / dayReadings) + 2 * noise();
    values[row * 2] = load;
    values[row * 2 + 1] = 10 + 0.4 * load + noise();
  }
  return {
    signals: shopSignals,
    times: Float64Array.from({ length: readings }, (_, row) => endMs - (readings - 1 - row) * stepMs),
    values,
    expected: values.slice(),
    band: new Float32Array(values.length).fill(5),
    score: new Float32Array(readings).fill(0.1),
    flags: new Uint8Array(readings),
  };
}

/** History in memory: pools with their series. */
export function historyOf(
  pools: Readonly<Record<string, Readonly<Record<string, HistoryRows>>>>,
): Pick<HistoryStore, 'readPool'> {
  return {
    async *readPool(pool, fromMs, toMs) {
      for (const [series, rows] of Object.entries(pools[pool] ?? {}).sort()) {
        const inside = [...rows.times.keys()].filter((row) => {
          const at = rows.times[row] ?? 0;
          return at >= fromMs && at <= toMs;
        });
        const [from, to] = [inside[0] ?? 0, (inside.at(-1) ?? -1) + 1];
        const width = rows.signals.length;
        const cells = (numbers: Float32Array) => numbers.slice(from * width, to * width);
        yield {
          series,
          rows: {
            signals: rows.signals,
            times: rows.times.slice(from, to),
            values: cells(rows.values),
            expected: cells(rows.expected),
            band: cells(rows.band),
            score: rows.score.slice(from, to),
            flags: rows.flags.slice(from, to),
          },
        };
      }
    },
  };
}
