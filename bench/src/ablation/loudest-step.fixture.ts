import { builtInModel, Engine } from '@verdict/detection';

// Prints the score of one large step in a signal that hardly moves: the engine is the one that this process loaded.

const rows = 400;
const values = Float32Array.from(
  { length: rows },
  (_, row) => Math.sin(row * 12.9898) + (row === 399 ? 1.9 : 0),
);
const times = Float64Array.from({ length: rows }, (_, row) => 60_000 * row);
const { scored } = await new Engine({ model: builtInModel() }).process([
  { series: 's', signals: ['value'], times, values },
]);
console.log(scored[0]?.score.at(-1));
