import { createHash } from 'node:crypto';
import { ModelManifest } from '@verdict/contracts';
import { type BlobStore, BlobTooLarge } from '../ports/blob-store.ts';

/** A trained version that cannot serve: missing, altered, or not what its manifest says. */
export class UnusableVersion extends Error {
  override readonly name = 'UnusableVersion';
}

/** Which version of which model. */
export interface VersionRef {
  readonly namespace: string;
  readonly model: string;
  readonly version: number;
}

/** What a trained version is published as. */
export interface FetchedVersion {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
}

/** More than any version that is trained here needs by far. */
const mostBytes = { manifest: 16 * 1024 * 1024, onnx: 64 * 1024 * 1024 } as const;

/** Where the artefacts of a version lie in the blob store. */
export function versionFolder({ namespace, model, version }: VersionRef): string {
  return `models/${namespace}/${model}/${version}`;
}

/**
 * Fetches a trained version (`model.onnx` and `manifest.json` in its folder) and opens it: `open` makes of it what
 * the caller works with, and throws when the net or the manifest cannot be used.
 * @throws UnusableVersion with one sentence; other errors mean that the blob store could not be asked
 */
export async function fetchVersion<Opened>(
  blobs: Pick<BlobStore, 'get'>,
  ref: VersionRef,
  open: (fetched: FetchedVersion) => Promise<Opened>,
): Promise<Opened> {
  const folder = versionFolder(ref);
  const manifest = parseManifest(
    await fetchBlob(blobs, `${folder}/manifest.json`, mostBytes.manifest),
    folder,
  );
  if (manifest.version !== ref.version || manifest.model !== ref.model)
    throw new UnusableVersion(`${folder}/manifest.json is of ${manifest.model} version ${manifest.version}`);
  const onnx = await fetchBlob(blobs, `${folder}/model.onnx`, mostBytes.onnx);
  const digest = createHash('sha256').update(onnx).digest('hex');
  if (digest !== manifest.sha256)
    throw new UnusableVersion(
      `${folder}/model.onnx has SHA-256 ${digest}, its manifest says ${manifest.sha256}`,
    );
  try {
    return await open({ manifest, onnx });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableVersion(`${folder} cannot be opened: ${why}`, { cause });
  }
}

async function fetchBlob(blobs: Pick<BlobStore, 'get'>, name: string, most: number): Promise<Uint8Array> {
  const bytes = await blobs.get(name).catch((error: unknown) => {
    if (error instanceof BlobTooLarge) throw new UnusableVersion(error.message, { cause: error });
    throw error;
  });
  if (bytes === null) throw new UnusableVersion(`${name} is missing`);
  if (bytes.length > most) throw new UnusableVersion(`${name} has ${bytes.length} bytes, more than ${most}`);
  return bytes;
}

function parseManifest(bytes: Uint8Array, folder: string): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UnusableVersion(`${folder}/manifest.json is not JSON`, { cause });
  }
  const manifest = ModelManifest.safeParse(json);
  if (manifest.success) return manifest.data;
  const problems = manifest.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UnusableVersion(`${folder}/manifest.json does not fit: ${problems.join('; ')}`);
}
