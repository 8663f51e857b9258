import type { DetectionModel, Network } from '@verdict/detection';
import { openVersion } from '@verdict/inference';
import { type BlobStore, fetchVersion } from '@verdict/storage';

/** A net that holds native memory until it is closed. */
export type ClosableNetwork = Network & { close(): Promise<void> };

/** Where models come from. */
export interface ModelSource {
  readonly blobs: Pick<BlobStore, 'get'>;
  readonly openNetwork: (onnx: Uint8Array) => Promise<ClosableNetwork>;
  readonly namespace: string;
  readonly model: string;
}

/**
 * Loads a trained version.
 * @throws UnusableVersion with one sentence; other errors mean that the blob store could not be asked
 */
export function loadModel(
  { blobs, openNetwork, namespace, model }: ModelSource,
  version: number,
): Promise<{ model: DetectionModel; network: ClosableNetwork }> {
  return fetchVersion(blobs, { namespace, model, version }, ({ manifest, onnx }) =>
    openVersion({ ...manifest, version }, () => openNetwork(onnx)),
  );
}
