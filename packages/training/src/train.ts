import * as tf from '@tensorflow/tfjs-core';
import { type DetectionSettings, inputWidth, type ModelCalibration, unitWidth } from '@verdict/detection';
import { Autoencoder } from './autoencoder.ts';
import { type FitReport, fitAutoencoder } from './fit-autoencoder.ts';
import { type ErrorMeasure, measureErrors, newestSteps } from './measure-errors.ts';
import { type PrincipalComponents, principalComponents } from './principal-components.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { startTensorBackend } from './tensor-backend.ts';
import { type TrainingBlock, timeAtShare } from './training-block.ts';
import { heldBackShare, sampleWindows, type WindowSample } from './window-sample.ts';

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
  /** How errors were distributed on held-back quiet windows: `errors` of the engine's `ModelReference`. */
  readonly errors: ErrorMeasure['errors'];
  /** The newest steps of these windows, scaled: what `inputs` of a `ModelReference` is made from. */
  readonly inputs: readonly number[];
  /** Principal components that the net started from. */
  readonly components: number;
  readonly series: number;
  readonly readings: number;
  /** Quiet windows in the history, and windows that were trained on. */
  readonly windowsFound: number;
  readonly windowsTrained: number;
  /** Of those that were trained on, windows of false alarms, counted as often as they were repeated. */
  readonly windowsTaught: number;
  /** Numbers of the false alarms that were taught, ascending; one without a whole window is not among them. */
  readonly falseAlarms: readonly number[];
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
const heldBackShares = [heldBackShare, 2 * heldBackShare, 3 * heldBackShare];

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
  const width = inputWidth(settings);
  const { sample, heldBackFrom, random } = await phase('sampling', 0, async () => drawSample(request));
  const trained = sample.training.length / width;
  const training = tf.tensor2d(sample.training, [trained, width]);
  let net: Autoencoder | null = null;
  try {
    const components = await phase('components', 0.1, () => quietComponents(training, sample.quiet));
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
    const measured = await phase('calibrating', 0.9, () => measureErrors(fitted, sample.heldBack, sizes));
    return {
      onnx: await net.toOnnx(),
      settings,
      seed,
      ...measured,
      inputs: newestSteps(sample.heldBack, sizes),
      components: components.count,
      series: new Set(blocks.map(({ series }) => series)).size,
      readings: blocks.reduce((sum, { times }) => sum + times.length, 0),
      windowsFound: sample.found,
      windowsTrained: trained,
      windowsTaught: trained - sample.quiet,
      falseAlarms: sample.falseAlarms,
      windowsHeldBack: sample.heldBack.length / width,
      heldBackFrom,
      durationsMs,
      ...report,
    };
  } finally {
    training.dispose();
    net?.dispose();
  }
}

/**
 * The components of the quiet windows, which come first: of what is taught the same few windows come again and again,
 * and would take components from what is normal everywhere.
 */
async function quietComponents(training: tf.Tensor2D, quiet: number): Promise<PrincipalComponents> {
  const windows = tf.slice2d(training, [0, 0], [quiet, training.shape[1]]);
  try {
    return await principalComponents(windows);
  } finally {
    windows.dispose();
  }
}

interface DrawnSample {
  readonly sample: WindowSample;
  readonly heldBackFrom: number;
  /** Where the random numbers go on. */
  readonly random: SeededRandom;
}

/**
 * Holds back the newest fifth of the history, or more of it where that holds hardly a quiet window: after a change of
 * what is normal, people's unanswered alarms may lie all over the newest part.
 */
function drawSample({ blocks, settings, seed }: TrainingRequest): DrawnSample {
  const width = inputWidth(settings);
  const most = Math.min(mostWindows, Math.floor(mostNumbers / width));
  let refusal = '';
  for (const share of heldBackShares) {
    const random = seededRandom(seed);
    const heldBackFrom = timeAtShare(blocks, 1 - share);
    const sample = sampleWindows({ blocks, settings, heldBackFrom, most, random });
    const held = sample.heldBack.length / width;
    if (sample.quiet >= fewestTraining && held >= fewestHeldBack) return { sample, heldBackFrom, random };
    refusal ||= `${sample.quiet} windows to learn from and ${held} to hold back are too few; ${fewestTraining} and ${fewestHeldBack} are needed`;
  }
  throw new TooLittleHistoryError(refusal);
}
