import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelManifest } from '@verdict/contracts';
import { detectionSettings } from '@verdict/detection';
import { train } from '@verdict/training';
import { wavyLines } from './wavy-file.fixture.ts';

const signals = ['load', 'errors'];

/** A version as retrainers publish it, trained on the signals of a wavy file. */
export interface WavyVersion {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
}

/** Trains such a version. @param together whether both signals are looked at together, else each by itself */
export async function wavyVersion(together = true): Promise<WavyVersion> {
  const rows = wavyLines(700).filter((_, row) => row % 400 !== 399);
  const cells = rows.map((line) => line.split(','));
  const times = Float64Array.from(cells, ([time = '']) => Date.parse(time));
  const values = Float32Array.from(
    cells.flatMap(([, load, errors]) => [Number(load), errors === '' ? Number.NaN : Number(errors)]),
  );
  const settings = detectionSettings({ signals: together ? signals : 'each', window: 8, recurring: 'alarm' });
  const result = await train({ blocks: [{ series: 'wavy', signals, times, values }], settings, seed: 1 });
  const manifest: ModelManifest = {
    manifestVersion: 1,
    model: 'wavy',
    version: 3,
    sha256: createHash('sha256').update(result.onnx).digest('hex'),
    signals: together ? signals : 'each',
    window: 8,
    recurring: 'alarm',
    calibration: result.calibration,
    reference: null,
    taught: [],
    labels: { confirmed: [], falseAlarms: [], missed: [], lastVerdict: 0 },
    training: {
      from: new Date(times[0] ?? 0).toISOString(),
      to: new Date(times.at(-1) ?? 0).toISOString(),
      series: 1,
      readings: times.length,
      windows: result.windowsTrained,
      epochs: result.epochs,
      seed: 1,
      seconds: 0,
      lossBefore: result.losses.start,
      lossAfter: result.losses.kept,
    },
    createdAt: new Date(0).toISOString(),
  };
  return { manifest, onnx: result.onnx };
}

/** Writes it as it lies in the blob store. */
export async function writeVersion(folder: string, { manifest, onnx }: WavyVersion): Promise<void> {
  await writeFile(path.join(folder, 'model.onnx'), onnx);
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
