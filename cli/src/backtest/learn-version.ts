import type { DetectionModel, DetectionSettings } from '@verdict/detection';
import { type OpenedNetwork, openNetwork } from '@verdict/inference';
import { TooLittleHistoryError, type TrainingBlock, train } from '@verdict/training';

/** A learnt version whose net must be closed. */
export type LearntModel = DetectionModel & { readonly network: OpenedNetwork };

/** Learns a version from history; null when there is too little to learn from. */
export async function learnVersion(request: {
  readonly block: TrainingBlock;
  readonly settings: DetectionSettings;
  readonly version: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}): Promise<LearntModel | null> {
  const { block, settings, version, seed, signal } = request;
  try {
    const { onnx, calibration } = await train({ blocks: [block], settings, seed, signal });
    const network = await openNetwork(onnx);
    return { version, settings, network, calibration, reference: null, taught: [] };
  } catch (error) {
    if (error instanceof TooLittleHistoryError) return null;
    throw error;
  }
}
