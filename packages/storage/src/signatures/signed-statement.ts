import { VersionStatement } from '@verdict/contracts';
import { UnusableVersion } from '../blobs/unusable-version.ts';
import { type VersionRef, versionFolder } from '../blobs/version-ref.ts';
import { digestOf, signatureName, statementName } from './sign-version.ts';
import type { TrustedKey } from './trusted-keys.ts';

/** Fetches one blob of the version's folder, null where there is none. Throws `UnusableVersion` when it is too large. */
export type FetchBlob = (name: string) => Promise<Uint8Array | null>;

/** What trusted keys signed as this version. */
export interface SignedStatement {
  /** Throws `UnusableVersion` unless the bytes are those that were signed under this name. */
  assertSigned(name: string, bytes: Uint8Array): void;
}

/**
 * Fetches what was signed as a version.
 * @throws UnusableVersion when none of the keys signed it, or it is another version's
 */
export async function signedStatement(
  ref: VersionRef,
  keys: readonly TrustedKey[],
  fetch: FetchBlob,
): Promise<SignedStatement> {
  const folder = versionFolder(ref);
  const refuse = (why: string) => new UnusableVersion(`${folder} ${why}`, { fault: 'signature' });
  const bytes = await fetch(statementName);
  if (bytes === null) throw refuse('is not signed, and only signed versions are loaded');
  if (!(await isSignedByOne(keys, bytes, fetch)))
    throw refuse(`is signed by none of the keys that are trusted (${keys.map(({ kid }) => kid).join(', ')})`);
  const statement = parse(bytes);
  if (statement === null) throw refuse(`has a ${statementName} that is signed but none of a version`);
  const { namespace, model, version } = statement;
  if (namespace !== ref.namespace || model !== ref.model || version !== ref.version)
    throw refuse(`has the signature of ${versionFolder(statement)}`);
  const signed = new Map(Object.entries(statement.blobs));
  return {
    assertSigned: (name, content) => {
      const { sha256 } = digestOf(content);
      if (signed.get(name)?.sha256 !== sha256)
        throw refuse(`was altered: ${name} has SHA-256 ${sha256}, another one was signed`);
    },
  };
}

async function isSignedByOne(
  keys: readonly TrustedKey[],
  statement: Uint8Array,
  fetch: FetchBlob,
): Promise<boolean> {
  for (const key of keys) {
    const jws = await fetch(signatureName(key.kid));
    if (jws !== null && (await key.verify(statement, Buffer.from(jws).toString('latin1')))) return true;
  }
  return false;
}

function parse(bytes: Uint8Array): VersionStatement | null {
  try {
    return VersionStatement.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return null;
  }
}
