import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { ModelManifest } from '@verdict/contracts';
import { CompactSign } from 'jose';
import { fetchVersion } from '../blobs/fetch-version.ts';
import { storeVersion } from '../blobs/store-version.ts';
import { UnusableVersion } from '../blobs/unusable-version.ts';
import { type VersionRef, versionFolder } from '../blobs/version-ref.ts';
import { BlobExists } from '../ports/blob-store.ts';
import { type ArtefactSigner, artefactSigner, newArtefactKey } from './artefact-signer.ts';
import { signatureName } from './sign-version.ts';
import { type TrustedKeys, trustedKeysIn } from './trusted-keys.ts';

const time = '2026-01-01T00:00:00.000Z';
const nothing = { series: 0, readings: 0, windows: 0, epochs: 0, seed: 0, seconds: 0 };
const ref = { namespace: 'team', model: 'shop', version: 3 };

function versionOf({ model, version }: VersionRef, net = `net ${version}`) {
  const onnx = Buffer.from(net);
  const manifest = ModelManifest.parse({
    manifestVersion: 1,
    model,
    version,
    sha256: createHash('sha256').update(onnx).digest('hex'),
    signals: 'each',
    window: 8,
    calibration: { row: { border: 1, excess: 0.5 }, window: { border: 1, excess: 0.5 } },
    training: { from: time, to: time, ...nothing, lossBefore: 1, lossAfter: 0.5 },
    createdAt: time,
  });
  return { manifest, onnx };
}

class Blobs {
  readonly stored = new Map<string, Uint8Array>();
  async put(name: string, bytes: Uint8Array): Promise<void> {
    const there = this.stored.get(name);
    if (there && Buffer.compare(there, bytes) !== 0) throw new BlobExists(`${name} exists`);
    this.stored.set(name, bytes);
  }
  async get(name: string): Promise<Uint8Array | null> {
    return this.stored.get(name) ?? null;
  }
}

const ed25519 = (): Promise<ArtefactSigner> => artefactSigner(newArtefactKey());
const p256 = (): Promise<ArtefactSigner> =>
  artefactSigner(
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ format: 'pem', type: 'pkcs8' })
      .toString(),
  );
const trust = (...signers: ArtefactSigner[]): TrustedKeys => {
  const keys = trustedKeysIn(JSON.stringify({ keys: signers.flatMap(({ keySet }) => keySet.keys) }));
  return () => keys;
};

/** What became of loading: the version, or why not; and whether anything of it was opened. */
async function load(blobs: Blobs, trusted: TrustedKeys, which: VersionRef = ref) {
  let opened = false;
  try {
    return await fetchVersion({ blobs, trusted }, which, async ({ manifest }) => {
      opened = true;
      return manifest.version;
    });
  } catch (error) {
    assert.ok(error instanceof UnusableVersion, String(error));
    assert.equal(opened, false, 'nothing of it came near the runtime');
    return `${error.fault}: ${error.message}`;
  }
}

async function stored(signer: ArtefactSigner | null, which: VersionRef = ref, into = new Blobs()) {
  const evaluation = { accepted: true, reasons: [], candidate: {}, baselineVersion: 0, baseline: {} };
  await storeVersion(into, which, { ...versionOf(which), evaluation, signer });
  return into;
}
const inFolder = (name: string) => `${versionFolder(ref)}/${name}`;

for (const [name, make] of [
  ['Ed25519', ed25519],
  ['ES256', p256],
] as const)
  test(`what was signed with ${name} is loaded, and signing it again changes nothing`, async () => {
    const signer = await make();
    const blobs = await stored(signer);
    assert.equal(await load(blobs, trust(signer)), 3);
    const before = new Map(blobs.stored);
    await stored(signer, ref, blobs);
    assert.deepEqual(blobs.stored, before);
    assert.equal(blobs.stored.size, 5);
  });

test('an altered net is refused, though its manifest was made to fit', async () => {
  const signer = await ed25519();
  const blobs = await stored(signer);
  const other = versionOf(ref, 'another net');
  blobs.stored.set(inFolder('model.onnx'), other.onnx);
  assert.match(
    String(await load(blobs, trust(signer))),
    /^signature: .* was altered: model\.onnx has SHA-256/,
  );
  blobs.stored.set(inFolder('manifest.json'), Buffer.from(JSON.stringify(other.manifest)));
  assert.match(String(await load(blobs, trust(signer))), /^signature: .* was altered: manifest\.json has/);
});

test('an altered manifest is refused, whatever was changed in it', async () => {
  const signer = await ed25519();
  const blobs = await stored(signer);
  const { manifest } = versionOf(ref);
  blobs.stored.set(inFolder('manifest.json'), Buffer.from(JSON.stringify({ ...manifest, window: 16 })));
  assert.match(String(await load(blobs, trust(signer))), /^signature: .*manifest\.json/);
});

test('an altered statement is refused: the signature is not of it', async () => {
  const signer = await ed25519();
  const blobs = await stored(signer);
  const statement = Buffer.from(blobs.stored.get(inFolder('statement.json')) ?? '').toString('utf8');
  blobs.stored.set(
    inFolder('statement.json'),
    Buffer.from(statement.replace('"version": 3', '"version": 3 ')),
  );
  assert.match(String(await load(blobs, trust(signer))), /^signature: .* signed by none of the keys/);
});

test("another version's artefacts with their valid signature are refused in this one's place", async () => {
  const signer = await ed25519();
  for (const other of [
    { ...ref, version: 2 },
    { ...ref, namespace: 'other' },
    { ...ref, model: 'cart' },
  ]) {
    const blobs = await stored(signer, other);
    for (const [name, bytes] of [...blobs.stored])
      blobs.stored.set(name.replace(versionFolder(other), versionFolder(ref)), bytes);
    assert.equal(await load(blobs, trust(signer), other), other.version);
    assert.equal(
      await load(blobs, trust(signer)),
      `signature: ${versionFolder(ref)} has the signature of ${versionFolder(other)}`,
    );
  }
});

test('what an unknown key signed is refused, and under the name of a known one too', async () => {
  const [known, unknown] = await Promise.all([ed25519(), ed25519()]);
  const blobs = await stored(unknown);
  const why = `signature: ${versionFolder(ref)} is signed by none of the keys that are trusted (${known.kid})`;
  assert.equal(await load(blobs, trust(known)), why);
  const jws = blobs.stored.get(inFolder(signatureName(unknown.kid))) ?? new Uint8Array();
  blobs.stored.set(inFolder(signatureName(known.kid)), jws);
  assert.equal(await load(blobs, trust(known)), why);
});

test('what is not signed, or is no longer, is refused; where nobody asks for signatures it is loaded', async () => {
  const signer = await ed25519();
  const never = await stored(null);
  assert.match(String(await load(never, trust(signer))), /^signature: .* is not signed/);
  const removed = await stored(signer);
  removed.stored.delete(inFolder(signatureName(signer.kid)));
  assert.match(String(await load(removed, trust(signer))), /^signature: .* signed by none/);
  removed.stored.delete(inFolder('statement.json'));
  assert.match(String(await load(removed, trust(signer))), /^signature: .* is not signed/);
  assert.equal(await fetchVersion({ blobs: never, trusted: null }, ref, async () => 'loaded'), 'loaded');
});

test('keys change with overlap: both are trusted, the new one signs again, the old one goes', async () => {
  const [old, next] = await Promise.all([ed25519(), p256()]);
  const blobs = await stored(old);
  assert.equal(await load(blobs, trust(old, next)), 3);
  assert.match(String(await load(blobs, trust(next))), /^signature: /);
  await stored(next, ref, blobs);
  assert.equal(await load(blobs, trust(next)), 3);
  assert.equal(await load(blobs, trust(old)), 3, 'whoever has not heard of the new one yet');
});

test('a signature of the right key over something else, or of another kind, is none of a version', async () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const signer = await artefactSigner(JSON.stringify(privateKey.export({ format: 'jwk' })));
  const { kid } = signer;
  const blobs = await stored(signer);
  const statement = blobs.stored.get(inFolder('statement.json')) ?? new Uint8Array();
  const signed = async (header: { alg: string; typ?: string; kid?: string }) => {
    const [protectedHeader, , signature] = (
      await new CompactSign(statement).setProtectedHeader(header).sign(privateKey)
    ).split('.');
    return `${protectedHeader}..${signature}`;
  };
  const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  for (const jws of [
    await signed({ alg: 'EdDSA', kid, typ: 'at+jwt' }),
    await signed({ alg: 'EdDSA', kid: 'another', typ: 'verdict-version+jws' }),
    `${header({ alg: 'none', kid, typ: 'verdict-version+jws' })}..`,
    `${header({ alg: 'HS256', kid, typ: 'verdict-version+jws' })}..AAAA`,
    'x'.repeat(5000),
    '',
  ]) {
    blobs.stored.set(inFolder(signatureName(kid)), Buffer.from(jws));
    assert.match(String(await load(blobs, trust(signer))), /signed by none/, jws.slice(0, 60));
  }
});

test('keys that cannot be used are refused with a sentence that quotes nothing of them', async () => {
  const secret = newArtefactKey();
  const { d } = JSON.parse(secret) as { d: string };
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const pem = (key: typeof rsa.privateKey) => key.export({ format: 'pem', type: 'pkcs8' }).toString();
  for (const text of [pem(rsa.privateKey), pem(p384.privateKey), `${secret.slice(0, -3)}`, '', '{}', 'null'])
    await assert.rejects(artefactSigner(text), (error: Error) => !error.message.includes(d));
  for (const set of [
    '',
    'null',
    '[]',
    '{"keys":[]}',
    `{"keys":[${secret}]}`,
    JSON.stringify({ keys: [rsa.publicKey.export({ format: 'jwk' })] }),
    JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA' }] }),
  ])
    await assert.rejects(trustedKeysIn(set), (error: Error) => !error.message.includes(d), set);
});

test('keys that cannot be read are no fault of the version', async () => {
  const blobs = await stored(await ed25519());
  const away = () => Promise.reject(new Error('the file is gone'));
  await assert.rejects(
    fetchVersion({ blobs, trusted: away }, ref, async () => null),
    (error) => !(error instanceof UnusableVersion) && /the file is gone/.test(String(error)),
  );
});
