import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { StartError } from '@verdict/process';
import { jwtVerify, SignJWT } from 'jose';
import { openSigningKeys } from './signing-keys.ts';

const silent = { warn: () => undefined, info: () => undefined };
const loadSigningKey = async (file: string) =>
  (await openSigningKeys(file, { nowMs: Date.now, logger: silent })).current();

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'verdict-pem-'));
});
after(() => rm(folder, { recursive: true }));

test('a key may be PEM, as Helm (SEC 1) and openssl (PKCS 8) write it', async () => {
  for (const type of ['sec1', 'pkcs8'] as const) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = path.join(folder, type);
    await writeFile(file, privateKey.export({ type, format: 'pem' }));
    const key = await loadSigningKey(file);
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(key.privateKey);
    await jwtVerify(token, publicKey);
  }
});

test('another kind of key is refused', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const file = path.join(folder, 'p384');
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  await assert.rejects(loadSigningKey(file), StartError);
  await writeFile(file, '-----BEGIN nothing');
  await assert.rejects(loadSigningKey(file), StartError);
});
