// `node e2e/src/chart/build-azurite-image.mjs [--image NAME:TAG] [--base IMAGE] [--builder docker|podman|buildah]`:
// an image of Azurite out of its npm package, for clusters that no image registry reaches. Elsewhere the chart takes
// Microsoft's own. VERDICT_AZURITE names the folder of the installed package; without it the package is installed into
// a folder that is thrown away.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { findBuilder } from '../../../scripts/images/builders.mjs';
import { isNeeded } from '../../../scripts/images/kept-files.mjs';

const values = readFileSync(new URL('../../../charts/verdict/values.yaml', import.meta.url), 'utf8');
const known = /^ {2}azuriteImage: (\S+:(\S+))$/m.exec(values);
if (!known) throw new Error('charts/verdict/values.yaml does not name the image of Azurite');
const [, image, version] = known;
const { values: options } = parseArgs({
  options: {
    image: { type: 'string', default: image },
    base: { type: 'string', default: 'docker.io/library/node:24-bookworm-slim' },
    builder: { type: 'string' },
  },
});

const containerfile = `FROM ${options.base}
COPY node_modules /opt/azurite/node_modules
COPY azurite /usr/local/bin/azurite
USER 1000:1000
WORKDIR /data
CMD ["azurite", "--location", "/data", "--blobHost", "0.0.0.0"]
`;
const program = '#!/bin/sh\nexec node /opt/azurite/node_modules/azurite/dist/src/azurite.js "$@"\n';

function run(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

/** The node_modules that Azurite lies in with everything that it needs. */
function packages(folder) {
  const { VERDICT_AZURITE: installed } = process.env;
  if (installed) {
    const { version: found } = JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8'));
    if (found !== version) throw new Error(`VERDICT_AZURITE is Azurite ${found}; the chart names ${version}`);
    return path.dirname(installed);
  }
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
  run('npm', [...args, `azurite@${version}`]);
  return path.join(folder, 'node_modules');
}

/** The name of the package that a file below node_modules belongs to, and its path in it. */
function placeOf(file) {
  const inside = file.slice(file.lastIndexOf('node_modules/') + 'node_modules/'.length).split('/');
  const name = inside.splice(0, inside[0]?.startsWith('@') ? 2 : 1).join('/');
  return { name, file: inside.join('/') };
}

/** Copies what a running process may load. */
function copyNeeded(from, to) {
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const source = path.join(entry.parentPath, entry.name);
    const inside = path.relative(from, source);
    const place = placeOf(`node_modules/${inside.split(path.sep).join('/')}`);
    if (inside.startsWith('.') || !isNeeded(place.name, place.file, process.arch)) continue;
    cpSync(source, path.join(to, inside));
  }
}

const builder = findBuilder(options.builder, process.env);
const folder = mkdtempSync(path.join(tmpdir(), 'verdict-azurite-image-'));
try {
  const context = path.join(folder, 'context');
  copyNeeded(packages(folder), path.join(context, 'node_modules'));
  if (!existsSync(path.join(context, 'node_modules', 'azurite', 'dist', 'src', 'azurite.js')))
    throw new Error('this is no package of Azurite');
  writeFileSync(path.join(context, 'azurite'), program, { mode: 0o755 });
  writeFileSync(path.join(context, 'Containerfile'), containerfile);
  const args = builder.build({
    epoch: 0,
    labels: [],
    args: ['--file', 'Containerfile', '--tag', options.image],
  });
  run(builder.name, [...builder.flags, ...args, ...builder.buildFlags, '.'], context);
  console.log(options.image);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
