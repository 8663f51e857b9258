import type { DetectionModel, DetectionSettings } from '@verdict/detection';
import { type OpenedNetwork, openNetwork } from '@verdict/inference';
import { train } from '@verdict/training';
import { cpuMs } from '../cpu-time.ts';
import { type MadeSeries, rowsOf } from './made-series.ts';

/** A version learnt from made series, and what learning it took. */
export interface LearntFromMade {
  readonly model: Omit<DetectionModel, 'network'>;
  /** To be closed by whoever learnt it. */
  readonly network: OpenedNetwork;
  readonly windows: number;
  /** CPU time. */
  readonly ms: number;
}

const learntSeries = 20;
const learntReadings = 1400;

/** Learns from the first readings of the first series. */
export async function learnMade(
  all: readonly MadeSeries[],
  settings: DetectionSettings,
): Promise<LearntFromMade> {
  const blocks = all.slice(0, learntSeries).map((one) => rowsOf(one, 0, learntReadings));
  const startedMs = cpuMs();
  const { onnx, calibration, windowsTrained } = await train({ blocks, settings, seed: 1 });
  const ms = cpuMs() - startedMs;
  const network = await openNetwork(onnx);
  const model = { version: 1, settings, calibration, reference: null, taught: [] };
  return { model, network, windows: windowsTrained, ms };
}
