// Lays out what goes into images: OUT/TARGET/dependencies (node_modules of others) and OUT/TARGET/own (our sources).
// Runs in the image build with Node's own modules alone; reads a checkout in which `npm ci` has run. Times, modes
// and order follow from the checkout's content only, so that the same content gives the same layers.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isNeeded, isNeededOfOurs } from './kept-files.mjs';
import { lockedPackages } from './locked-packages.mjs';
import { billOfMaterials } from './sbom.mjs';
import { targets } from './targets.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

/** Lays out one image's files below `out`, with every time set to `epoch` (seconds). */
function assemble({ name, out, arch, epoch }) {
  const target = targets[name];
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const packages = lockedPackages(lock, { ...target, arch });
  const dependencies = path.join(out, name, 'dependencies');
  const own = path.join(out, name, 'own');
  for (const found of packages) {
    const from = path.join(root, found.folder);
    if (!existsSync(from)) throw new Error(`${found.folder} is not installed here: run "npm ci" first`);
    const to = path.join(found.own ? own : dependencies, found.folder);
    copy(from, to, (file) => (found.own ? isNeededOfOurs(file) : isNeeded(found.name, file, arch)));
    if (found.own) linkByName(found, dependencies);
    linkLibraries(to);
  }
  for (const { from, to } of target.assets ?? []) {
    if (!existsSync(path.join(root, from))) throw new Error(`${from} is missing: "npm run images" builds it`);
    copy(path.join(root, from), path.join(own, to), (file) => !path.basename(file).startsWith('.'));
  }
  const bill = billOfMaterials({ root, target, version, packages });
  writeFileSync(path.join(own, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 1)}\n`);
  settle(path.join(out, name), epoch);
}

/** Copies a file, or the files of a folder that `keep` wants; nested node_modules are packages of their own. */
function copy(from, to, keep) {
  if (statSync(from).isFile()) {
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(from, to);
    return;
  }
  const entries = readdirSync(from, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const inside = path.relative(from, file).split(path.sep).join('/');
    if (inside.startsWith('node_modules/') || inside.includes('/node_modules/') || !keep(inside)) continue;
    mkdirSync(path.dirname(path.join(to, inside)), { recursive: true });
    copyFileSync(file, path.join(to, inside));
  }
}

/** The link by which Node finds a workspace under its package's name. */
function linkByName({ folder }, dependencies) {
  const { name } = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const link = path.join(dependencies, 'node_modules', name);
  mkdirSync(path.dirname(link), { recursive: true });
  symlinkSync(path.relative(path.join('node_modules', path.dirname(name)), folder), link);
}

/** PostgreSQL's package lists its libraries' links, since npm archives hold none. */
function linkLibraries(folder) {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')))
    if (existsSync(path.join(folder, source)))
      symlinkSync(path.relative(path.dirname(target), source), path.join(folder, target));
}

/** Gives everything below a folder the same time and, by kind, the same mode. */
function settle(folder, epoch) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) settle(file, epoch);
    else {
      if (entry.isFile()) chmodSync(file, isProgram(file) ? 0o755 : 0o644);
      lutimesSync(file, epoch, epoch);
    }
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, epoch, epoch);
}

function isProgram(file) {
  return /\/native\/bin\/[^/]+$/.test(file) || file.endsWith('.sh');
}

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    target: { type: 'string', multiple: true, default: Object.keys(targets) },
    arch: { type: 'string', default: process.arch },
  },
});
if (values.out === undefined) throw new Error('--out FOLDER is missing');
for (const name of values.target) {
  if (!targets[name]) throw new Error(`no image "${name}"; there are ${Object.keys(targets).join(', ')}`);
  assemble({ name, out: values.out, arch: values.arch, epoch: Number(process.env.SOURCE_DATE_EPOCH ?? 0) });
}
