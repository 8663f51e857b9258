import * as tf from '@tensorflow/tfjs-core';
import { type DetectionSettings, inputWidth, type ModelCalibration, unitWidth } from '@verdict/detection';
import { Autoencoder } from './autoencoder.ts';
import { type FitReport, fitAutoencoder } from './fit-autoencoder.ts';
import { measureErrors } from './measure-errors.ts';
import { principalComponents } from './principal-components.ts';
import { seededRandom } from './seeded-random.ts';
import { startTensorBackend } from './tensor-backend.ts';
import { heldBackBorder, sampleWindows, type TrainingBlock } from './window-sample.ts';

export interface TrainingProgress {
  readonly phase: 'sampling' | 'components' | 'fitting' | 'calibrating';
  /** 0 … 1 over all phases. */
  readonly done: number;
}

export interface TrainingRequest {
  /** History, per series ascending in time. */
  readonly blocks: readonly TrainingBlock[];
  readonly settings: DetectionSettings;
  /** Equal histories, settings and seeds give equal nets, to the last bit. */
  readonly seed: number;
  readonly onProgress?: (progress: TrainingProgress) => void;
  readonly signal?: AbortSignal;
  /** Clock for the durations in the result, ms; without one they are 0. */
  readonly now?: () => number;
}

export interface TrainingResult extends FitReport {
  /** Input `window`, output `expected`: batch × window·signals float32. */
  readonly onnx: Uint8Array;
  readonly settings: DetectionSettings;
  readonly seed: number;
  readonly calibration: ModelCalibration;
  /** Principal components that the net started from. */
  readonly components: number;
  readonly series: number;
  readonly readings: number;
  /** Windows fit for learning in the history, and how many of them were used. */
  readonly windowsFound: number;
  readonly windowsTrained: number;
  readonly windowsHeldBack: number;
  /** Event time from which history was held back, epoch ms: the border to give to `evaluate`. */
  readonly heldBackFrom: number;
  readonly durationsMs: Readonly<Record<TrainingProgress['phase'], number>>;
}

/** There is too little history to learn from. */
export class TooLittleHistoryError extends Error {
  override readonly name = 'TooLittleHistoryError';
}

const mostWindows = 20_000;
/** Wide windows are sampled more sparsely, so that training takes seconds whatever the number of signals. */
const mostNumbers = 1_280_000;
const fewestTraining = 200;
const fewestHeldBack = 40;

/**
 * Learns an autoencoder from history.
 * @throws TooLittleHistoryError when less than 200 windows are fit for learning or 40 for holding back
 */
export async function train(request: TrainingRequest): Promise<TrainingResult> {
  const { blocks, settings, seed, signal, now = () => 0 } = request;
  const durationsMs = { sampling: 0, components: 0, fitting: 0, calibrating: 0 };
  const phase = async <T>(
    name: TrainingProgress['phase'],
    done: number,
    work: () => Promise<T>,
  ): Promise<T> => {
    signal?.throwIfAborted();
    request.onProgress?.({ phase: name, done });
    const start = now();
    const result = await work();
    durationsMs[name] = now() - start;
    return result;
  };
  await startTensorBackend();
  const random = seededRandom(seed);
  const heldBackFrom = heldBackBorder(blocks);
  const width = inputWidth(settings);
  const most = Math.min(mostWindows, Math.floor(mostNumbers / width));
  const sample = await phase('sampling', 0, async () =>
    sampleWindows({ blocks, settings, heldBackFrom, most, random }),
  );
  const [trained, held] = [sample.training.length / width, sample.heldBack.length / width];
  if (trained < fewestTraining || held < fewestHeldBack) {
    throw new TooLittleHistoryError(
      `${trained} windows to learn from and ${held} to hold back are too few; ${fewestTraining} and ${fewestHeldBack} are needed`,
    );
  }
  const training = tf.tensor2d(sample.training, [trained, width]);
  let net: Autoencoder | null = null;
  try {
    const components = await phase('components', 0.1, () => principalComponents(training));
    net = new Autoencoder(width, components, random);
    const fitted = net;
    const sizes = { window: settings.window, width: unitWidth(settings) };
    const report = await phase('fitting', 0.2, () =>
      fitAutoencoder({
        net: fitted,
        training: sample.training,
        heldBack: sample.heldBack,
        ...sizes,
        random,
        signal,
        onEpoch: (share) => request.onProgress?.({ phase: 'fitting', done: 0.2 + 0.7 * share }),
      }),
    );
    const calibration = await phase('calibrating', 0.9, () => measureErrors(fitted, sample.heldBack, sizes));
    return {
      onnx: await net.toOnnx(),
      settings,
      seed,
      calibration,
      components: components.count,
      series: new Set(blocks.map(({ series }) => series)).size,
      readings: blocks.reduce((sum, { times }) => sum + times.length, 0),
      windowsFound: sample.found,
      windowsTrained: trained,
      windowsHeldBack: held,
      heldBackFrom,
      durationsMs,
      ...report,
    };
  } finally {
    training.dispose();
    net?.dispose();
  }
}
