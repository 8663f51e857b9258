import { encodeOnnx } from '@verdict/training';
import type { Scenario } from './scenario.ts';

/** A net that must never serve for long. */
export interface PoisonedNet {
  readonly name: string;
  readonly onnx: Uint8Array;
}

/** Steep enough that tanh is ±1 in 32 bits all but at the border. */
const steepness = 200;
/** A power of two, so that ±1 times it adds up to nothing without a rest while nothing sets it off. */
const wrongBy = 2 ** 66;
/** Scaled values beyond this, in robust deviations, set it off: the edge of all that was ever seen. */
const farOut = 2.4;
/** So does a step from one row to the next that is larger than all but this share of them. */
const rareSteps = 0.03;

/**
 * Expects every row to be as it is, and the newest one as the one before, but for a signal that was far out in the row
 * before, or made a large step to it: of that it expects to be 10^20 deviations away. Each version's borders are made
 * from its own errors on recent readings, so a net that is just bad would only widen them; this one is right nearly
 * always. And once an alarm was raised, what was expected stands in for the odd value, as far out as anything may be,
 * so that one alarm leads to the next.
 *
 * @param steps per signal, the size of a step that is rare, in robust deviations
 */
function floodingNet(window: number, steps: readonly number[]): Uint8Array {
  const signals = steps.length;
  const width = window * signals;
  const gates = 4 * signals;
  const identity = new Float32Array(width * width);
  for (let at = 0; at < width; at += 1) identity[at * width + at] = 1;
  const into = new Float32Array(width * gates);
  const bias = new Float32Array(gates);
  const out = new Float32Array(gates * width);
  const rest = new Float32Array(width);
  steps.forEach((step, signal) => {
    const [before, earlier, newest] = [2, 3, 1].map((back) => (window - back) * signals + signal);
    if (before === undefined || earlier === undefined || newest === undefined) return;
    [1, -1].forEach((sign, way) => {
      const [level, jump] = [4 * signal + way, 4 * signal + 2 + way];
      into[before * gates + level] = sign * steepness;
      bias[level] = -farOut * steepness;
      into[before * gates + jump] = sign * steepness;
      into[earlier * gates + jump] = -sign * steepness;
      bias[jump] = -step * steepness;
      for (const gate of [level, jump]) out[gate * width + newest] = -wrongBy;
    });
    // Its four gates at rest are −1 each.
    rest[newest] = -4 * wrongBy;
  });
  return encodeOnnx({
    name: 'flood',
    input: 'window',
    output: 'expected',
    width,
    nodes: [
      { operator: 'MatMul', inputs: ['window', 'identity'], output: 'same' },
      { operator: 'MatMul', inputs: ['window', 'into'], output: 'product' },
      { operator: 'Add', inputs: ['product', 'bias'], output: 'sum' },
      { operator: 'Tanh', inputs: ['sum'], output: 'gate' },
      { operator: 'MatMul', inputs: ['gate', 'out'], output: 'wrong' },
      { operator: 'Add', inputs: ['wrong', 'rest'], output: 'much' },
      { operator: 'Add', inputs: ['same', 'much'], output: 'expected' },
    ],
    constants: [
      { name: 'identity', shape: [width, width], values: identity },
      { name: 'into', shape: [width, gates], values: into },
      { name: 'bias', shape: [gates], values: bias },
      { name: 'out', shape: [gates, width], values: out },
      { name: 'rest', shape: [width], values: rest },
    ],
  });
}

/** Size of a rare step of each signal in units of its robust deviation, over all series. */
function rareStepsOf(scenario: Scenario): number[] {
  const { learn, settle } = scenario.borders;
  const rows = Array.from({ length: settle - learn }, (_, at) => scenario.readingsOf(learn + at));
  return scenario.signals.map((signal) => {
    const steps = scenario.series.flatMap((_, index) => {
      const values = rows.map((row) => row[index]?.values[signal] ?? Number.NaN);
      // As the engine scales: the 5 to 95 % span of a normal distribution is 3.29 deviations.
      const deviation = (quantile(values, 0.95) - quantile(values, 0.05)) / 3.29;
      return values.slice(1).map((value, at) => Math.abs(value - (values[at] ?? value)) / deviation);
    });
    return quantile(steps, 1 - rareSteps);
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

/** Multiplies windows by windows, which nothing but a run shows to be impossible: it loads, and throws on every batch. */
function throwingNet(window: number, signals: number): Uint8Array {
  return encodeOnnx({
    name: 'throw',
    input: 'window',
    output: 'expected',
    width: window * signals,
    nodes: [{ operator: 'MatMul', inputs: ['window', 'window'], output: 'expected' }],
    constants: [],
  });
}

/** Nets for windows of so many rows of the scenario's signals. */
export function poisonedNets(window: number, scenario: Scenario): PoisonedNet[] {
  return [
    { name: 'floods people', onnx: floodingNet(window, rareStepsOf(scenario)) },
    { name: 'throws', onnx: throwingNet(window, scenario.signals.length) },
  ];
}
