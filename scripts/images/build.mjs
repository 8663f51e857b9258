// `npm run images -- [--tag T] [--target NAME …] [--repository R] [--builder docker|podman|buildah] [--platform P]`:
// builds the images, writes each one's bill of materials to dist/images, and prints their sizes.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findBuilder } from './builders.mjs';
import { lockedPackages } from './locked-packages.mjs';
import { billOfMaterials } from './sbom.mjs';
import { targets } from './targets.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const architectures = { 'linux/amd64': 'x64', 'linux/arm64': 'arm64' };

const { values: options } = parseArgs({
  options: {
    tag: { type: 'string', default: 'dev' },
    target: { type: 'string', multiple: true, default: Object.keys(targets) },
    repository: { type: 'string', default: 'docker.io/verdict' },
    builder: { type: 'string' },
    platform: { type: 'string' },
    base: { type: 'string' },
  },
});

function main() {
  const unknown = options.target.filter((name) => !targets[name]);
  if (unknown.length > 0)
    throw new Error(`no image "${unknown.join(', ')}"; there are ${Object.keys(targets).join(', ')}`);
  if (options.platform !== undefined && !architectures[options.platform])
    throw new Error(`--platform must be one of ${Object.keys(architectures).join(', ')}`);
  if (!existsSync(path.join(root, '.dockerignore'))) throw new Error('this is no whole checkout');
  const builder = findBuilder(options.builder, process.env);
  const folder = path.join(root, 'dist', 'images');
  mkdirSync(folder, { recursive: true });
  const epoch = sourceDate();
  for (const name of options.target) {
    const image = `${options.repository}/${name}:${options.tag}`;
    const startedMs = performance.now();
    build(builder, { name, image, epoch });
    const bill = path.join(folder, `${name}.cdx.json`);
    writeFileSync(bill, `${JSON.stringify(billOf(name), null, 1)}\n`);
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`${image}  ${sizeOf(builder, image)}  (${seconds} s, ${path.relative(root, bill)})`);
  }
}

/** Seconds since 1970 that all files and the image are dated with: the last commit's unless it is given. */
function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) {
    if (!/^\d+$/.test(given)) throw new Error('SOURCE_DATE_EPOCH must be a number of seconds');
    return Number(given);
  }
  return Number(git('log', '-1', '--format=%ct') || 0);
}

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}

function version() {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version;
}

function build(builder, { name, image, epoch }) {
  const labels = {
    title: targets[name].title,
    description: targets[name].description,
    version: version(),
    revision: git('rev-parse', 'HEAD'),
    created: new Date(epoch * 1000).toISOString(),
    licenses: 'MIT',
  };
  const command = builder.build({
    epoch,
    labels: Object.entries(labels).flatMap(([key, value]) => [
      '--label',
      `org.opencontainers.image.${key}=${value}`,
    ]),
    args: [
      ...['--file', 'Dockerfile', '--target', name, '--tag', image, '--build-arg', `ONLY=${name}`],
      ...['--build-arg', `SOURCE_DATE_EPOCH=${epoch}`],
      ...(options.platform === undefined ? [] : ['--platform', options.platform]),
      ...(options.base === undefined ? [] : ['--build-arg', `BASE=${options.base}`]),
    ],
  });
  const args = [...builder.flags, ...command, ...builder.buildFlags, '.'];
  const { status, error } = spawnSync(builder.name, args, { cwd: root, stdio: ['ignore', 2, 2] });
  if (error) throw error;
  if (status !== 0) throw new Error(`${builder.name} could not build ${image} (exit code ${status})`);
}

function billOf(name) {
  const target = targets[name];
  const arch = architectures[options.platform] ?? process.arch;
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const packages = lockedPackages(lock, { ...target, arch });
  return billOfMaterials({ root, target, version: version(), packages });
}

/** What an image weighs uncompressed, its base included: some tools say it in bytes, some in words. */
function sizeOf(builder, image) {
  const { stdout } = spawnSync(builder.name, [...builder.flags, ...builder.size(image)], {
    encoding: 'utf8',
  });
  const said = stdout.trim();
  return /^\d+$/.test(said) ? `${Math.round(Number(said) / 1e6)} MB` : said;
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
