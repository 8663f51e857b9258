import * as tf from '@tensorflow/tfjs-core';
import type { OnnxConstant, OnnxNode } from './onnx/encode-onnx.ts';
import { encodeOnnx } from './onnx/encode-onnx.ts';
import type { PrincipalComponents } from './principal-components.ts';
import type { SeededRandom } from './seeded-random.ts';

const hidden = [32, 8, 32] as const;

interface Layer {
  readonly weight: tf.Variable<tf.Rank.R2>;
  readonly bias: tf.Variable<tf.Rank.R1>;
}

/**
 * y = x·E·D + f(x): a linear autoencoder that starts as the projection on the principal components, plus a
 * small dense one, width → 32 → 8 → 32 → width with tanh between and a linear end, which starts at 0. So
 * training starts exactly at the linear optimum and can only be kept where it gets better.
 */
export class Autoencoder {
  readonly width: number;
  readonly #encoder: tf.Variable<tf.Rank.R2>;
  readonly #decoder: tf.Variable<tf.Rank.R2>;
  readonly #layers: readonly Layer[];

  constructor(width: number, components: PrincipalComponents, random: SeededRandom) {
    this.width = width;
    const { basis, count } = components;
    this.#encoder = variable(tf.tensor2d(basis, [width, count]));
    this.#decoder = variable(tf.tidy(() => tf.transpose(tf.tensor2d(basis, [width, count])) as tf.Tensor2D));
    const sizes = [width, ...hidden, width];
    this.#layers = sizes.slice(1).map((outputs, index) => {
      const inputs = sizes[index] ?? width;
      const spread = index === hidden.length ? 0 : Math.sqrt(2 / (inputs + outputs));
      const weights = Float32Array.from({ length: inputs * outputs }, () => spread * random.normal());
      return {
        weight: variable(tf.tensor2d(weights, [inputs, outputs])),
        bias: variable(tf.zeros([outputs])),
      };
    });
  }

  get #variables(): tf.Variable[] {
    return [this.#encoder, this.#decoder, ...this.#layers.flatMap(({ weight, bias }) => [weight, bias])];
  }

  /** The reconstruction; call within `tf.tidy`. */
  predict(x: tf.Tensor2D): tf.Tensor2D {
    return this.#forward(x).y;
  }

  #forward(x: tf.Tensor2D): { y: tf.Tensor2D; code: tf.Tensor2D; inputs: tf.Tensor2D[] } {
    const code = tf.matMul(x, this.#encoder) as tf.Tensor2D;
    const inputs: tf.Tensor2D[] = [];
    let signal = x;
    this.#layers.forEach(({ weight, bias }, index) => {
      inputs.push(signal);
      const sum = tf.add(tf.matMul(signal, weight), bias) as tf.Tensor2D;
      signal = index < hidden.length ? tf.tanh(sum) : sum;
    });
    return { y: tf.add(tf.matMul(code, this.#decoder), signal), code, inputs };
  }

  /**
   * One step of gradient descent on Σ w·(y − target)² / batch. The gradients are written out by hand: the
   * core of tfjs comes without those of its kernels, and this net needs three of them.
   *
   * @param weight of each output in the loss, same shape as the target
   */
  step(
    optimizer: tf.AdamOptimizer,
    batch: { x: tf.Tensor2D; target: tf.Tensor2D; weight: tf.Tensor2D },
  ): void {
    const gradients = tf.tidy(() => {
      const { x, target, weight } = batch;
      const { y, code, inputs } = this.#forward(x);
      const slope = tf.mul(tf.mul(tf.sub(y, target), weight), 2 / x.shape[0]) as tf.Tensor2D;
      const found: { name: string; tensor: tf.Tensor }[] = [
        {
          name: this.#encoder.name,
          tensor: tf.matMul(x, tf.matMul(slope, this.#decoder, false, true), true, false),
        },
        { name: this.#decoder.name, tensor: tf.matMul(code, slope, true, false) },
      ];
      let back = slope;
      for (let index = this.#layers.length - 1; index >= 0; index -= 1) {
        const layer = this.#layers[index];
        const input = inputs[index];
        if (layer === undefined || input === undefined) continue;
        found.push({ name: layer.weight.name, tensor: tf.matMul(input, back, true, false) });
        found.push({ name: layer.bias.name, tensor: tf.sum(back, 0) });
        // The input of every layer but the first is a tanh, whose slope is 1 − tanh².
        if (index > 0) {
          back = tf.mul(
            tf.matMul(back, layer.weight, false, true),
            tf.sub(1, tf.square(input)),
          ) as tf.Tensor2D;
        }
      }
      return found;
    });
    optimizer.applyGradients(gradients);
    tf.dispose(gradients);
  }

  /** Copies of all weights, for going back to them. */
  async weights(): Promise<Float32Array[]> {
    return Promise.all(this.#variables.map(async (one) => Float32Array.from(await one.data())));
  }

  setWeights(weights: readonly Float32Array[]): void {
    this.#variables.forEach((one, index) => {
      const values = weights[index];
      if (values === undefined) return;
      const tensor = tf.tensor(values, one.shape);
      one.assign(tensor);
      tensor.dispose();
    });
  }

  /** The net as an ONNX file: input `window`, output `expected`, both batch × width. */
  async toOnnx(): Promise<Uint8Array> {
    const constants: OnnxConstant[] = [];
    const constant = async (name: string, of: tf.Variable) => {
      constants.push({ name, shape: of.shape, values: Float32Array.from(await of.data()) });
      return name;
    };
    const nodes: OnnxNode[] = [
      { operator: 'MatMul', inputs: ['window', await constant('encoder', this.#encoder)], output: 'code' },
      { operator: 'MatMul', inputs: ['code', await constant('decoder', this.#decoder)], output: 'linear' },
    ];
    let signal = 'window';
    for (const [index, { weight, bias }] of this.#layers.entries()) {
      const product = `product${index}`;
      const sum = `sum${index}`;
      nodes.push({
        operator: 'MatMul',
        inputs: [signal, await constant(`weight${index}`, weight)],
        output: product,
      });
      nodes.push({ operator: 'Add', inputs: [product, await constant(`bias${index}`, bias)], output: sum });
      signal = sum;
      if (index < hidden.length) {
        signal = `hidden${index}`;
        nodes.push({ operator: 'Tanh', inputs: [sum], output: signal });
      }
    }
    nodes.push({ operator: 'Add', inputs: ['linear', signal], output: 'expected' });
    return encodeOnnx({
      name: 'autoencoder',
      input: 'window',
      output: 'expected',
      width: this.width,
      nodes,
      constants,
    });
  }

  dispose(): void {
    tf.dispose(this.#variables);
  }
}

function variable<R extends tf.Rank>(initial: tf.Tensor<R>): tf.Variable<R> {
  const made = tf.variable(initial);
  initial.dispose();
  return made;
}
