import { createHash } from 'node:crypto';
import { ModelManifest } from '@verdict/contracts';
import { type BlobStore, BlobTooLarge } from '../ports/blob-store.ts';
import { type FetchBlob, type SignedStatement, signedStatement } from '../signatures/signed-statement.ts';
import type { TrustedKeys } from '../signatures/trusted-keys.ts';
import { UnusableVersion } from './unusable-version.ts';
import { type VersionRef, versionFolder } from './version-ref.ts';

/** What a trained version is published as. */
export interface FetchedVersion {
  readonly manifest: ModelManifest;
  readonly onnx: Uint8Array;
}

/** Where versions come from. */
export interface VersionSource {
  readonly blobs: Pick<BlobStore, 'get'>;
  /** Who has to have signed a version; null: nobody, its digests alone are checked. */
  readonly trusted: TrustedKeys | null;
}

const manifestName = 'manifest.json';
const netName = 'model.onnx';
/** More than any version that is trained here needs by far. */
const netBytes = 64 * 1024 * 1024;
const otherBytes = 16 * 1024 * 1024;

/**
 * Fetches a trained version (`model.onnx` and `manifest.json` in its folder) and opens it: `open` makes of it what
 * the caller works with, and throws when the net or the manifest cannot be used. Where keys are trusted, nothing is
 * parsed or opened that none of them signed.
 * @throws UnusableVersion with one sentence; other errors mean that blobs or keys could not be read
 */
export async function fetchVersion<Opened>(
  { blobs, trusted }: VersionSource,
  ref: VersionRef,
  open: (fetched: FetchedVersion) => Promise<Opened>,
): Promise<Opened> {
  const folder = versionFolder(ref);
  const fetch: FetchBlob = (name) =>
    fetchBlob(blobs, `${folder}/${name}`, name === netName ? netBytes : otherBytes);
  const signed = trusted === null ? null : await signedStatement(ref, await trusted(), fetch);
  const manifest = parseManifest(await fetchPart(fetch, { folder, name: manifestName, signed }), folder);
  if (manifest.version !== ref.version || manifest.model !== ref.model)
    throw new UnusableVersion(
      `${folder}/${manifestName} is of ${manifest.model} version ${manifest.version}`,
    );
  const onnx = await fetchPart(fetch, { folder, name: netName, signed });
  const digest = createHash('sha256').update(onnx).digest('hex');
  if (digest !== manifest.sha256)
    throw new UnusableVersion(
      `${folder}/${netName} has SHA-256 ${digest}, its manifest says ${manifest.sha256}`,
    );
  try {
    return await open({ manifest, onnx });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UnusableVersion(`${folder} cannot be opened: ${why}`, { cause });
  }
}

async function fetchPart(
  fetch: FetchBlob,
  { folder, name, signed }: { folder: string; name: string; signed: SignedStatement | null },
): Promise<Uint8Array> {
  const bytes = await fetch(name);
  if (bytes === null) throw new UnusableVersion(`${folder}/${name} is missing`);
  signed?.assertSigned(name, bytes);
  return bytes;
}

async function fetchBlob(
  blobs: Pick<BlobStore, 'get'>,
  name: string,
  most: number,
): Promise<Uint8Array | null> {
  const bytes = await blobs.get(name).catch((error: unknown) => {
    if (error instanceof BlobTooLarge) throw new UnusableVersion(error.message, { cause: error });
    throw error;
  });
  if (bytes !== null && bytes.length > most)
    throw new UnusableVersion(`${name} has ${bytes.length} bytes, more than ${most}`);
  return bytes;
}

/** The manifest in a blob of that folder. Throws `UnusableVersion` when it is none. */
function parseManifest(bytes: Uint8Array, folder: string): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    throw new UnusableVersion(`${folder}/${manifestName} is not JSON`, { cause });
  }
  const manifest = ModelManifest.safeParse(json);
  if (manifest.success) return manifest.data;
  const problems = manifest.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new UnusableVersion(`${folder}/${manifestName} does not fit: ${problems.join('; ')}`);
}
