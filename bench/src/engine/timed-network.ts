import type { Network } from '@verdict/detection';
import { cpuMs } from '../cpu-time.ts';

/** Measures what a net takes of an engine's time, from outside. */
export class TimedNetwork implements Network {
  readonly inputWidth: number;
  readonly #inner: Network;
  /** CPU time. */
  ms = 0;

  constructor(inner: Network) {
    this.#inner = inner;
    this.inputWidth = inner.inputWidth;
  }

  async run(rows: Float32Array, count: number): Promise<Float32Array> {
    const startedMs = cpuMs();
    const output = await this.#inner.run(rows, count);
    this.ms += cpuMs() - startedMs;
    return output;
  }
}
