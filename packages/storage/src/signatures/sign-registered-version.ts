import { isDeepStrictEqual } from 'node:util';
import { Evaluation } from '@verdict/contracts';
import { fetchVersion } from '../blobs/fetch-version.ts';
import { UnusableVersion } from '../blobs/unusable-version.ts';
import { type VersionRef, versionFolder } from '../blobs/version-ref.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { VersionRow } from '../ports/registry-store.ts';
import type { ArtefactSigner } from './artefact-signer.ts';
import { signVersion } from './sign-version.ts';

const evaluationName = 'evaluation.json';

/**
 * Signs a version that was published before: only if its artefacts are what the registry, which is kept elsewhere, says
 * of them.
 * @throws UnusableVersion when they are not; other errors mean that the blob store could not be asked
 */
export async function signRegisteredVersion(
  blobs: Pick<BlobStore, 'put' | 'get'>,
  { ref, signer }: { ref: VersionRef; signer: ArtefactSigner },
  registered: Pick<VersionRow, 'manifest' | 'evaluation'>,
): Promise<void> {
  const folder = versionFolder(ref);
  const source = { blobs: keepRead(blobs), trusted: null };
  await fetchVersion(source, ref, async ({ manifest }) => {
    if (!isDeepStrictEqual(manifest, registered.manifest))
      throw new Error('its manifest is not the one in the registry');
  });
  const artefacts = new Map<string, Uint8Array>();
  for (const name of ['model.onnx', 'manifest.json']) {
    const bytes = await source.blobs.get(`${folder}/${name}`);
    if (bytes !== null) artefacts.set(name, bytes);
  }
  const judged = await blobs.get(`${folder}/${evaluationName}`);
  if (judged !== null) {
    if (!isDeepStrictEqual(evaluationIn(judged, folder), registered.evaluation))
      throw new UnusableVersion(`${folder}/${evaluationName} is not the one in the registry`);
    artefacts.set(evaluationName, judged);
  }
  await signVersion(blobs, { ref, signer }, artefacts);
}

/** Each blob is read once: what was checked is what is signed. */
function keepRead(blobs: Pick<BlobStore, 'get'>): Pick<BlobStore, 'get'> {
  const read = new Map<string, Uint8Array | null>();
  return {
    get: async (name) => {
      const bytes = read.has(name) ? (read.get(name) ?? null) : await blobs.get(name);
      read.set(name, bytes);
      return bytes;
    },
  };
}

function evaluationIn(bytes: Uint8Array, folder: string): Evaluation {
  try {
    return Evaluation.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new UnusableVersion(`${folder}/${evaluationName} is no evaluation`, { cause });
  }
}
