import type { Network } from '@verdict/detection';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { assertPlainNet } from './assert-plain-net.ts';

/**
 * Windows per run of the session are always a multiple of this (the rest of the last run is padding), because matrix
 * kernels of other batch sizes may round differently, and a score must not depend on who else is scored. It is a
 * multiple of what the kernels take at once (4, 6, 8 and 12 rows), so that none falls into a remainder.
 */
const wholeRows = 48;
/** At most so many windows per run: the cost of a run is spread over many, while they still fit into the cache. */
const mostRows = 480;

/** The bytes are not a net that the engine can use: no ONNX, or of the wrong shape. */
export class NetworkFormatError extends Error {
  override readonly name = 'NetworkFormatError';
}

export interface OpenNetworkOptions {
  /** Threads within one operator. More than one pays off for large nets only. */
  readonly intraOpThreads?: number;
}

/** A {@link Network} that holds a native session until it is closed. */
export interface OpenedNetwork extends Network {
  /** Frees the session; `run` must not be called any more. Closing twice does nothing. */
  close(): Promise<void>;
}

/**
 * Opens a net served by ONNX Runtime on the CPU: one input and one output, both float32, batch × width
 * with a dynamic batch.
 * @throws NetworkFormatError when the bytes are not such a net, or one that reaches beyond itself ({@link assertPlainNet})
 */
export async function openNetwork(
  onnx: Uint8Array,
  options: OpenNetworkOptions = {},
): Promise<OpenedNetwork> {
  const session = await createSession(onnx, options.intraOpThreads ?? 1);
  try {
    return new OnnxNetwork(session, inspect(session));
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function createSession(onnx: Uint8Array, intraOpNumThreads: number): Promise<InferenceSession> {
  if (onnx.length === 0) throw new NetworkFormatError('the net is empty: 0 bytes');
  try {
    assertPlainNet(onnx);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NetworkFormatError(`the net (${onnx.length} bytes) is not taken: ${why}`, { cause });
  }
  try {
    return await InferenceSession.create(onnx, {
      executionProviders: ['cpu'],
      intraOpNumThreads,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NetworkFormatError(`ONNX Runtime cannot read the net (${onnx.length} bytes): ${why}`, {
      cause,
    });
  }
}

interface Shape {
  readonly input: string;
  readonly output: string;
  readonly width: number;
}

function inspect(session: InferenceSession): Shape {
  const [input, output] = [only('input', session.inputMetadata), only('output', session.outputMetadata)];
  if (input.width !== output.width) {
    throw new NetworkFormatError(`the net takes ${input.width} numbers per window but gives ${output.width}`);
  }
  return { input: input.name, output: output.name, width: input.width };
}

function only(
  what: string,
  metadata: readonly InferenceSession.ValueMetadata[],
): { name: string; width: number } {
  const [one] = metadata;
  if (one === undefined || metadata.length !== 1) {
    throw new NetworkFormatError(`the net must have one ${what}, not ${metadata.length}`);
  }
  if (!one.isTensor || one.type !== 'float32') {
    throw new NetworkFormatError(`the ${what} of the net must be a float32 tensor`);
  }
  const [batch, width] = one.shape;
  if (one.shape.length !== 2 || typeof width !== 'number' || width < 1) {
    throw new NetworkFormatError(
      `the ${what} of the net must be batch × width, not ${JSON.stringify(one.shape)}`,
    );
  }
  if (typeof batch === 'number' && batch > 0) {
    throw new NetworkFormatError(`the batch of the ${what} must be dynamic, not ${batch}`);
  }
  return { name: one.name, width };
}

class OnnxNetwork implements OpenedNetwork {
  readonly inputWidth: number;
  readonly #shape: Shape;
  #session: InferenceSession | null;

  constructor(session: InferenceSession, shape: Shape) {
    this.#session = session;
    this.#shape = shape;
    this.inputWidth = shape.width;
  }

  async run(rows: Float32Array, count: number): Promise<Float32Array> {
    const size = count * this.inputWidth;
    if (!Number.isInteger(count) || count < 1 || rows.length < size) {
      throw new RangeError(`${rows.length} numbers are not ${count} windows of ${this.inputWidth}`);
    }
    const batchRows = Math.min(mostRows, wholeRows * Math.ceil(count / wholeRows));
    if (batchRows * this.inputWidth >= size) return (await this.#runBatch(rows, 0, size)).subarray(0, size);
    const result = new Float32Array(size);
    const batchSize = batchRows * this.inputWidth;
    for (let at = 0; at < size; at += batchSize) {
      const end = Math.min(at + batchSize, size);
      result.set((await this.#runBatch(rows, at, end)).subarray(0, end - at), at);
    }
    return result;
  }

  /** Runs the numbers from `at` to `end`, and some more behind them that nobody looks at. */
  async #runBatch(rows: Float32Array, at: number, end: number): Promise<Float32Array> {
    if (this.#session === null) throw new Error('the net has been closed');
    const batchRows = wholeRows * Math.ceil((end - at) / this.inputWidth / wholeRows);
    const batchEnd = at + batchRows * this.inputWidth;
    let batch = rows.subarray(at, batchEnd);
    if (batchEnd > rows.length) {
      // Not kept between calls: several engines may share a net, and the session reads the batch later.
      batch = new Float32Array(batchEnd - at);
      batch.set(rows.subarray(at, end));
    }
    const tensor = new Tensor('float32', batch, [batchRows, this.inputWidth]);
    const results = await this.#session.run({ [this.#shape.input]: tensor });
    const data = results[this.#shape.output]?.data;
    if (!(data instanceof Float32Array) || data.length !== batch.length) {
      throw new NetworkFormatError(`the net gave ${data?.length ?? 0} numbers for ${batch.length}`);
    }
    return data;
  }

  async close(): Promise<void> {
    const session = this.#session;
    this.#session = null;
    await session?.release();
  }
}
