import type { BlobStore } from '../ports/blob-store.ts';
import { type FetchedVersion, type VersionRef, versionFolder } from './fetch-version.ts';

/**
 * Stores a trained version where `fetchVersion` looks for it; the manifest, which speaks of the net, comes last. Nobody
 * knows of the version until it is in the registry.
 */
export async function storeVersion(
  blobs: Pick<BlobStore, 'put'>,
  ref: VersionRef,
  { manifest, onnx }: FetchedVersion,
): Promise<void> {
  const folder = versionFolder(ref);
  await blobs.put(`${folder}/model.onnx`, onnx);
  await blobs.put(
    `${folder}/manifest.json`,
    new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
  );
}
