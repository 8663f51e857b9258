import { createHash } from 'node:crypto';
import { ModelManifest } from '@verdict/contracts';
import { type DetectionModel, detectionSettings, type Network } from '@verdict/detection';
import type { BlobStore } from '@verdict/storage';
import { z } from 'zod';

/** A trained version that cannot serve: missing, altered, or not what its manifest says. */
export class UnusableModel extends Error {
  override readonly name = 'UnusableModel';
}

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
 * Loads a trained version (`models/{namespace}/{model}/{version}/model.onnx` and `manifest.json`).
 * @throws UnusableModel with one sentence; other errors mean that the blob store could not be asked
 */
export async function loadModel(
  source: ModelSource,
  version: number,
): Promise<{ model: DetectionModel; network: ClosableNetwork }> {
  const folder = `models/${source.namespace}/${source.model}/${version}`;
  const manifest = parseManifest(await fetchBlob(source, `${folder}/manifest.json`));
  if (manifest.version !== version || manifest.model !== source.model)
    throw new UnusableModel(`${folder}/manifest.json is of ${manifest.model} version ${manifest.version}`);
  const onnx = await fetchBlob(source, `${folder}/model.onnx`);
  const digest = createHash('sha256').update(onnx).digest('hex');
  if (digest !== manifest.sha256)
    throw new UnusableModel(
      `${folder}/model.onnx has SHA-256 ${digest}, its manifest says ${manifest.sha256}`,
    );
  const settings = settingsOf(manifest);
  const network = await open(source, onnx, folder);
  const { calibration, reference, taught } = manifest;
  return { model: { version, settings, network, calibration, reference, taught }, network };
}

async function fetchBlob(source: ModelSource, name: string): Promise<Uint8Array> {
  const bytes = await source.blobs.get(name);
  if (bytes === null) throw new UnusableModel(`${name} is missing`);
  return bytes;
}

function parseManifest(bytes: Uint8Array): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UnusableModel('manifest.json is not JSON', { cause });
  }
  const manifest = ModelManifest.safeParse(json);
  if (!manifest.success)
    throw new UnusableModel(`manifest.json does not fit: ${z.prettifyError(manifest.error)}`);
  return manifest.data;
}

function settingsOf({ signals, window }: ModelManifest): DetectionModel['settings'] {
  try {
    return detectionSettings({ signals, window });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UnusableModel(cause.message, { cause });
  }
}

async function open(source: ModelSource, onnx: Uint8Array, folder: string): Promise<ClosableNetwork> {
  try {
    return await source.openNetwork(onnx);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableModel(`${folder}/model.onnx cannot be opened: ${why}`, { cause });
  }
}
