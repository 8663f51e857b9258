import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

let ready: Promise<void> | null = null;

/**
 * Makes tfjs compute in WebAssembly, on one thread (several would add up in changing order) and without
 * any network: the binaries lie beside the package.
 */
export function startTensorBackend(): Promise<void> {
  ready ??= start();
  return ready;
}

async function start(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(entry)}${sep}`);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend of tfjs does not start here');
  await tf.ready();
}
