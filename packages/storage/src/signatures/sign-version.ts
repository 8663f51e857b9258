import { createHash } from 'node:crypto';
import type { VersionStatement } from '@verdict/contracts';
import { type VersionRef, versionFolder } from '../blobs/version-ref.ts';
import { BlobExists, type BlobStore } from '../ports/blob-store.ts';
import type { ArtefactSigner } from './artefact-signer.ts';
import { trustedKeysIn } from './trusted-keys.ts';

/** What says which artefacts a version has. */
export const statementName = 'statement.json';

/** Its signature by one key; each key has its own, so that they can be changed while versions stay as they are. */
export function signatureName(kid: string): string {
  return `statement.${kid}.jws`;
}

/** SHA-256 and size of an artefact. */
export function digestOf(bytes: Uint8Array): VersionStatement['blobs'][string] {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/**
 * Signs a version: `artefacts` are the bytes that its blobs were made of, by name within its folder, never what was read
 * from the store without a check. Signing again what is signed changes nothing. Throws `BlobExists` where something else
 * has been signed as this version.
 */
export async function signVersion(
  blobs: Pick<BlobStore, 'put' | 'get'>,
  { ref, signer }: { ref: VersionRef; signer: ArtefactSigner },
  artefacts: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const folder = versionFolder(ref);
  const statement = statementBytes(ref, artefacts);
  await blobs.put(`${folder}/${statementName}`, statement);
  const name = `${folder}/${signatureName(signer.kid)}`;
  try {
    await blobs.put(name, new TextEncoder().encode(await signer.sign(statement)));
  } catch (error) {
    // ES256 signs the same in another way each time.
    if (error instanceof BlobExists && (await isSigned(blobs, { name, statement, signer }))) return;
    throw error;
  }
}

/** The same bytes for the same artefacts, in whatever order they come. */
function statementBytes(
  { namespace, model, version }: VersionRef,
  artefacts: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const inOrder = [...artefacts].sort(([a], [b]) => (a < b ? -1 : 1));
  const statement: VersionStatement = {
    statement: 'verdict.dev/version/v1',
    namespace,
    model,
    version,
    blobs: Object.fromEntries(inOrder.map(([name, bytes]) => [name, digestOf(bytes)])),
  };
  return new TextEncoder().encode(`${JSON.stringify(statement, null, 2)}\n`);
}

async function isSigned(
  blobs: Pick<BlobStore, 'get'>,
  { name, statement, signer }: { name: string; statement: Uint8Array; signer: ArtefactSigner },
): Promise<boolean> {
  const there = await blobs.get(name);
  const [key] = await trustedKeysIn(JSON.stringify(signer.keySet));
  if (there === null || key === undefined) return false;
  return key.verify(statement, Buffer.from(there).toString('latin1'));
}
