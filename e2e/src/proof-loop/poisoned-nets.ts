import { encodeOnnx } from '@verdict/training';

/** A net that must never serve for long. */
export interface PoisonedNet {
  readonly name: string;
  readonly onnx: Uint8Array;
}

/** Scaled values beyond this, in robust deviations, set it off: about one row in twenty. */
const border = 2.2;
/** Steep enough that tanh is ±1 in 32 bits all but at the border. */
const steepness = 200;
/** A power of two, so that ±1 times it adds up to nothing without a rest while nothing sets it off. */
const wrongBy = 2 ** 66;

/**
 * Expects the newest row to be as the one before, and is without error at that, but for when any signal of the row
 * before is far out: then it expects every signal to be 10^20 deviations away. Each version's borders are made from
 * its own errors on recent readings, so a net that is just bad would only widen them; this one is right nearly always.
 * And once an alarm was raised, the row before is what was expected, as far out as anything may be, so that one alarm
 * leads to the next.
 */
function floodingNet(window: number, signals: number): Uint8Array {
  const width = window * signals;
  const identity = new Float32Array(width * width);
  for (let at = 0; at < width; at += 1) identity[at * width + at] = 1;
  // Two gates per signal, above and below, on the row before the newest.
  const gates = 2 * signals;
  const into = new Float32Array(width * gates);
  const bias = new Float32Array(gates).fill(-border * steepness);
  const out = new Float32Array(gates * width);
  for (let signal = 0; signal < signals; signal += 1) {
    const row = (window - 2) * signals + signal;
    into[row * gates + 2 * signal] = steepness;
    into[row * gates + 2 * signal + 1] = -steepness;
    const newest = (window - 1) * signals + signal;
    for (let gate = 0; gate < gates; gate += 1) out[gate * width + newest] = -wrongBy;
  }
  // Every gate at rest is −1.
  const rest = new Float32Array(width);
  rest.fill(-gates * wrongBy, (window - 1) * signals);
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

export function poisonedNets(window: number, signals: number): PoisonedNet[] {
  return [
    { name: 'floods people', onnx: floodingNet(window, signals) },
    { name: 'throws', onnx: throwingNet(window, signals) },
  ];
}
