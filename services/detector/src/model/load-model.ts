import type { DetectionModel, Network } from '@verdict/detection';
import { openVersion } from '@verdict/inference';
import { fetchVersion, type VersionSource } from '@verdict/storage';

/** A net that holds native memory until it is closed. */
export type ClosableNetwork = Network & { close(): Promise<void> };

/** Where models come from. */
export interface ModelSource extends VersionSource {
  readonly openNetwork: (onnx: Uint8Array) => Promise<ClosableNetwork>;
  readonly namespace: string;
  readonly model: string;
}

/**
 * Loads a trained version.
 * @throws UnusableVersion with one sentence; other errors mean that blobs or keys could not be read
 */
export function loadModel(
  { openNetwork, namespace, model, ...source }: ModelSource,
  version: number,
): Promise<{ model: DetectionModel; network: ClosableNetwork }> {
  return fetchVersion(source, { namespace, model, version }, ({ manifest, onnx }) =>
    openVersion({ ...manifest, version }, () => openNetwork(onnx)),
  );
}
