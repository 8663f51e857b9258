import { createHash } from 'node:crypto';
import { ModelManifest } from '@verdict/contracts';
import {
  builtInModel,
  type DetectionModel,
  type DetectionSettings,
  detectionSettings,
  inputWidth,
} from '@verdict/detection';
import { NetworkFormatError, type OpenedNetwork, openNetwork } from '@verdict/inference';
import type { BlobStore } from '@verdict/storage';
import { z } from 'zod';
import { versionFolder } from './publish.ts';

/** The version that a candidate is judged against. */
export interface Champion {
  readonly model: DetectionModel;
  /** To be closed when the champion is no longer needed; null for the built-in version. */
  readonly network: OpenedNetwork | null;
  /** Why the built-in version stands in for the one that serves; null when it does not. */
  readonly standsIn: string | null;
}

/** The version cannot be loaded: missing, altered, or not what its manifest says. */
class Unloadable extends Error {
  override readonly name = 'Unloadable';
}

/**
 * Loads the version that serves. One that cannot be loaded is stood in for by the built-in version; other errors mean
 * that the blob store could not be asked.
 *
 * @param settings of the candidate, with which the built-in version works
 */
export async function loadChampion(request: {
  blobs: Pick<BlobStore, 'get'>;
  namespace: string;
  model: string;
  version: number;
  settings: DetectionSettings;
}): Promise<Champion> {
  const { version, settings } = request;
  if (version === 0) return { model: builtInModel(settings), network: null, standsIn: null };
  try {
    return await loadTrained(request);
  } catch (error) {
    if (!(error instanceof Unloadable)) throw error;
    const standsIn = `version ${version} serves but cannot be loaded (${error.message}), so version 0 stands in for it`;
    return { model: builtInModel(settings), network: null, standsIn };
  }
}

async function loadTrained(request: Parameters<typeof loadChampion>[0]): Promise<Champion> {
  const { blobs, namespace, version } = request;
  const folder = versionFolder(namespace, request.model, version);
  const fetched = async (name: string) => {
    const bytes = await blobs.get(`${folder}/${name}`);
    if (bytes === null) throw new Unloadable(`${folder}/${name} is missing`);
    return bytes;
  };
  const manifest = parsed(await fetched('manifest.json'), folder);
  if (manifest.version !== version || manifest.model !== request.model)
    throw new Unloadable(`${folder}/manifest.json is of ${manifest.model} version ${manifest.version}`);
  const onnx = await fetched('model.onnx');
  const digest = createHash('sha256').update(onnx).digest('hex');
  if (digest !== manifest.sha256)
    throw new Unloadable(`${folder}/model.onnx has SHA-256 ${digest}, its manifest says ${manifest.sha256}`);
  const { signals, window, calibration, reference, taught } = manifest;
  try {
    const settings = detectionSettings({ signals, window });
    const network = await openNetwork(onnx);
    if (network.inputWidth !== inputWidth(settings)) {
      await network.close();
      throw new RangeError(`the net takes ${network.inputWidth} numbers, not ${inputWidth(settings)}`);
    }
    return { model: { version, settings, network, calibration, reference, taught }, network, standsIn: null };
  } catch (cause) {
    if (!(cause instanceof NetworkFormatError || cause instanceof RangeError)) throw cause;
    throw new Unloadable(`${folder}: ${cause.message}`, { cause });
  }
}

function parsed(bytes: Uint8Array, folder: string): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new Unloadable(`${folder}/manifest.json is not JSON`, { cause });
  }
  const manifest = ModelManifest.safeParse(json);
  if (!manifest.success)
    throw new Unloadable(`${folder}/manifest.json does not fit: ${z.prettifyError(manifest.error)}`);
  return manifest.data;
}
