import type { DetectionModel } from './detection-model.ts';
import { type DetectionSettings, detectionSettings, inputWidth } from './detection-settings.ts';
import type { EngineFigures, EngineResult, ScoredBlock } from './engine-result.ts';
import type { Network } from './network.ts';
import { addFigures, noFigures } from './reading-figures.ts';
import type { SeriesBlock } from './series-block.ts';

/** A net without learning: every value is expected to be the mean of its signal over the window. */
function averagingNetwork(window: number, width: number): Network {
  return {
    inputWidth: window * width,
    async run(rows, count) {
      const output = new Float32Array(count * window * width);
      for (let start = 0; start < output.length; start += window * width) {
        for (let column = 0; column < width; column += 1) {
          let sum = 0;
          for (let row = 0; row < window; row += 1) sum += rows[start + row * width + column] ?? 0;
          for (let row = 0; row < window; row += 1) output[start + row * width + column] = sum / window;
        }
      }
      return output;
    },
  };
}

/** A learnt version around {@link averagingNetwork}. */
export function learntModel(version: number, given: Partial<DetectionSettings> = {}): DetectionModel {
  const settings = detectionSettings(given);
  const network = averagingNetwork(settings.window, inputWidth(settings) / settings.window);
  const tail = { border: 1.5, excess: 0.5 };
  return {
    version,
    settings,
    network,
    calibration: { row: tail, window: tail },
    reference: null,
    taught: [],
  };
}

/** A quiet wave with a little deterministic roughness, one reading per second. */
export function wave(series: string, rows: number, signals: readonly string[] = ['a']): SeriesBlock {
  const values = new Float32Array(rows * signals.length);
  for (let row = 0; row < rows; row += 1) {
    signals.forEach((_, column) => {
      const rough = Math.sin(row * 12.9898 + column * 78.233) * 43758.5453;
      values[row * signals.length + column] =
        100 + 20 * Math.sin((2 * Math.PI * row) / 120 + column) + 2 * (rough - Math.floor(rough));
    });
  }
  return {
    series,
    signals,
    times: Float64Array.from({ length: rows }, (_, row) => 1e12 + row * 1000),
    values,
  };
}

/** A noisy day that comes again, one reading per ten minutes; equal seeds give equal values. */
export function noisyDays(
  series: string,
  rows: number,
  { signals = ['a'], seed = 1 }: { readonly signals?: readonly string[]; readonly seed?: number } = {},
): SeriesBlock {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  // A standard normal number of two even ones (Box and Muller).
  const noise = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const values = Float32Array.from({ length: rows * signals.length }, (_, index) => {
    const row = Math.floor(index / signals.length);
    return 100 + 5 * Math.sin((2 * Math.PI * row) / 144 + (index % signals.length)) + noise();
  });
  return {
    series,
    signals,
    times: Float64Array.from({ length: rows }, (_, row) => 1e12 + row * 600_000),
    values,
  };
}

export function rowsOf(block: SeriesBlock, from: number, to: number): SeriesBlock {
  const width = block.signals.length;
  return {
    ...block,
    times: block.times.slice(from, to),
    values: block.values.slice(from * width, to * width),
  };
}

/** Cuts a block after each of the given numbers of rows. */
export function cutAt(block: SeriesBlock, cuts: readonly number[]): SeriesBlock[] {
  const borders = [0, ...[...cuts].sort((a, b) => a - b), block.times.length];
  return borders.slice(1).map((to, index) => rowsOf(block, borders[index] ?? 0, to));
}

/** Everything several calls said about each series, as plain lists. */
export function joined(results: readonly EngineResult[]): Record<string, unknown> {
  const bySeries: Record<string, Record<string, unknown[]>> = {};
  const of = (series: string) => {
    bySeries[series] ??= {
      times: [],
      score: [],
      flags: [],
      expected: [],
      band: [],
      anomalies: [],
      refused: [],
    };
    return bySeries[series] ?? {};
  };
  for (const { scored, anomalies, refused } of results) {
    for (const block of scored) {
      for (const name of ['times', 'score', 'flags', 'expected', 'band'] as const) {
        of(block.series)[name]?.push(...block[name]);
      }
    }
    for (const change of anomalies) of(change.series).anomalies?.push(change);
    for (const late of refused) of(late.series).refused?.push(late);
  }
  return bySeries;
}

/** What several calls did, together. */
export function summed(results: readonly EngineResult[]): EngineFigures {
  return results.reduce((sum, { figures }) => addFigures(sum, figures), noFigures);
}

/** The one scored block of a result. */
export function onlyBlock(result: EngineResult): ScoredBlock {
  const [block] = result.scored;
  if (block === undefined || result.scored.length !== 1) throw new Error('expected exactly one scored block');
  return block;
}
