import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModelManifest } from '@verdict/contracts';
import { openBlobs, openDatabase, openStores, readArtefactSigner, storeVersion } from '@verdict/storage';
import { modelName } from './manifests.ts';

const namespace = 'default';

/**
 * Puts a net into a running platform by hand, past every judgement: artefacts into its blobs, an accepted version
 * into its registry. All but the net is as in the manifest that is given. Resolves with the version's number.
 */
export async function putVersion(dataFolder: string, like: ModelManifest, onnx: Uint8Array): Promise<number> {
  const blobs = await openBlobs(pathToFileURL(path.join(dataFolder, 'blobs')).href);
  const db = openDatabase({ url: await databaseUrl(dataFolder), applicationName: 'proof' });
  try {
    const { registry } = openStores(db);
    const version = await registry.reserveVersion(namespace, modelName);
    const createdAt = new Date();
    const manifest: ModelManifest = {
      ...like,
      version,
      sha256: createHash('sha256').update(onnx).digest('hex'),
      createdAt: createdAt.toISOString(),
    };
    // As a training would: what the platform did not sign, its detectors would not even load.
    const signer = await readArtefactSigner(path.join(dataFolder, 'secrets/artefact-key.json'));
    await storeVersion(blobs, { namespace, model: modelName, version }, { manifest, onnx, signer });
    await registry.putVersion(namespace, modelName, {
      version,
      state: 'accepted',
      createdAtMs: createdAt.getTime(),
      manifest,
      evaluation: {
        accepted: true,
        reasons: ['put in by hand'],
        candidate: {},
        baselineVersion: like.version,
        baseline: {},
      },
    });
    return version;
  } finally {
    await db.close();
  }
}

/** Where the embedded database of a running platform is reached. */
async function databaseUrl(dataFolder: string): Promise<string> {
  const password = await readFile(path.join(dataFolder, 'secrets/database-password'), 'utf8');
  // Its fourth line is the port (https://www.postgresql.org/docs/18/storage-file-layout.html).
  const pidFile = await readFile(path.join(dataFolder, 'postgres/postmaster.pid'), 'utf8');
  const port = Number(pidFile.split('\n')[3]);
  return `postgres://verdict:${encodeURIComponent(password)}@127.0.0.1:${port}/verdict`;
}
