import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import { hideNewestRows } from '@verdict/detection';
import type { Autoencoder } from './autoencoder.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface FitRequest {
  readonly net: Autoencoder;
  /** count × (window × width), row-major, newest row shown. */
  readonly training: Float32Array;
  readonly heldBack: Float32Array;
  readonly window: number;
  /** Signals per unit. */
  readonly width: number;
  readonly random: SeededRandom;
  readonly signal?: AbortSignal;
  /** @param share of the longest possible training that is over */
  readonly onEpoch?: (share: number) => void;
}

export interface FitReport {
  /** Passes over the training windows, the discarded last ones included. */
  readonly epochs: number;
  /** Held-back loss of the linear start and of the net that was kept; equal when training brought nothing. */
  readonly losses: { readonly start: number; readonly kept: number };
}

const mostEpochs = 12;
const patience = 3;
const batchSize = 256;
const learningRate = 0.002;
const noise = 0.1;
/** What expecting the hidden newest row weighs against reproducing a whole window. */
const expectationWeight = 1;

/**
 * Trains on pairs: a window as it is, with noise, to be reproduced; and with its newest row hidden, to be
 * expected. Keeps the weights with the lowest loss on held-back windows, the linear start among them.
 */
export async function fitAutoencoder(request: FitRequest): Promise<FitReport> {
  const { net, training, random, signal } = request;
  const size = request.window * request.width;
  const count = training.length / size;
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const optimizer = tf.train.adam(learningRate);
  try {
    const start = await heldBackLoss(request);
    let kept = { loss: start, weights: await net.weights() };
    let epochs = 0;
    for (let since = 0; epochs < mostEpochs && since < patience; epochs += 1) {
      // Lets the process breathe: an abort, a log line, a health check.
      await setImmediate();
      shuffle(order, random);
      for (let from = 0; from + batchSize <= count || from === 0; from += batchSize) {
        signal?.throwIfAborted();
        const chosen = order.subarray(from, Math.min(from + batchSize, count));
        const batch = tensors(request, chosen);
        net.step(optimizer, batch);
        tf.dispose([batch.x, batch.target, batch.weight]);
      }
      const loss = await heldBackLoss(request);
      since = loss < kept.loss ? 0 : since + 1;
      if (loss < kept.loss) kept = { loss, weights: await net.weights() };
      request.onEpoch?.((epochs + 1) / mostEpochs);
    }
    net.setWeights(kept.weights);
    return { epochs, losses: { start, kept: kept.loss } };
  } finally {
    optimizer.dispose();
  }
}

/** Both halves of a batch below each other: shown windows with noise, then hidden ones. */
function tensors(
  request: FitRequest,
  chosen: Uint32Array,
): { x: tf.Tensor2D; target: tf.Tensor2D; weight: tf.Tensor2D } {
  const { training, window, width, random } = request;
  const size = window * width;
  const rows = chosen.length;
  const target = new Float32Array(2 * rows * size);
  chosen.forEach((index, row) => {
    const one = training.subarray(index * size, (index + 1) * size);
    target.set(one, row * size);
    target.set(one, (rows + row) * size);
  });
  const x = target.slice();
  hideNewestRows(x.subarray(rows * size), window, width);
  for (let i = 0; i < x.length; i += 1) x[i] = (x[i] ?? 0) + noise * random.normal();
  const shape: [number, number] = [2 * rows, size];
  const weight = lossWeights(rows, request);
  return { x: tf.tensor2d(x, shape), target: tf.tensor2d(target, shape), weight: tf.tensor2d(weight, shape) };
}

/** Shown windows count by the mean over all rows, hidden ones by their newest row alone. */
function lossWeights(rows: number, { window, width }: FitRequest): Float32Array {
  const size = window * width;
  const weights = new Float32Array(2 * rows * size);
  weights.fill(1 / size, 0, rows * size);
  for (let row = rows; row < 2 * rows; row += 1) {
    weights.fill(expectationWeight / width, (row + 1) * size - width, (row + 1) * size);
  }
  return weights;
}

async function heldBackLoss({ net, heldBack, window, width }: FitRequest): Promise<number> {
  const size = window * width;
  const shape: [number, number] = [heldBack.length / size, size];
  const hiddenRows = heldBack.slice();
  hideNewestRows(hiddenRows, window, width);
  const loss = tf.tidy(() => {
    const target = tf.tensor2d(heldBack, shape);
    const shown = tf.mean(tf.square(tf.sub(net.predict(target), target)));
    const errors = tf.sub(net.predict(tf.tensor2d(hiddenRows, shape)), target) as tf.Tensor2D;
    const newest = tf.mean(tf.square(tf.slice(errors, [0, size - width], [shape[0], width])));
    return tf.add(shown, tf.mul(newest, expectationWeight));
  });
  const [value] = await loss.data();
  loss.dispose();
  return value ?? Number.NaN;
}

/** Fisher and Yates. */
function shuffle(order: Uint32Array, random: SeededRandom): void {
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
}
