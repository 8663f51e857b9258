import type { Evaluation } from '@verdict/contracts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { ArtefactSigner } from '../signatures/artefact-signer.ts';
import { signVersion } from '../signatures/sign-version.ts';
import type { FetchedVersion } from './fetch-version.ts';
import { type VersionRef, versionFolder } from './version-ref.ts';

/** What is stored as a version. */
export interface StoredVersion extends FetchedVersion {
  /** How it was judged; absent: it was not. */
  readonly evaluation?: Evaluation;
  /** Absent or null: it is not signed. */
  readonly signer?: ArtefactSigner | null;
}

/**
 * Stores a trained version where `fetchVersion` looks for it: what speaks of something else comes after it, the signature
 * last. Nobody knows of the version until it is in the registry.
 */
export async function storeVersion(
  blobs: Pick<BlobStore, 'put' | 'get'>,
  ref: VersionRef,
  { manifest, onnx, evaluation, signer = null }: StoredVersion,
): Promise<void> {
  const artefacts = new Map([
    ['model.onnx', onnx],
    ['manifest.json', jsonBytes(manifest)],
  ]);
  if (evaluation !== undefined) artefacts.set('evaluation.json', jsonBytes(evaluation));
  const folder = versionFolder(ref);
  for (const [name, bytes] of artefacts) await blobs.put(`${folder}/${name}`, bytes);
  if (signer !== null) await signVersion(blobs, { ref, signer }, artefacts);
}

function jsonBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}
