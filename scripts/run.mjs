// The door to every command of a checkout: installs what is missing, then runs the command with the right Node.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureDashboard } from './build-dashboard.mjs';
import { ensureInstalled, nodeBinary } from './install.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Each command: what Node is given, and whether the dashboard must be built first. */
const commands = {
  start: { script: ['standalone/src/main.ts'], dashboard: true },
  test: { script: ['scripts/test.mjs'], dashboard: true },
  check: { script: ['scripts/check.mjs'] },
  verdict: { script: ['cli/src/main.ts'] },
  'proof:stream': { script: ['e2e/src/proof-stream/main.ts'] },
};

async function main() {
  const [name, ...args] = process.argv.slice(2);
  const command = commands[name];
  if (!command) throw new Error(`no command "${name}"; there are ${Object.keys(commands).join(', ')}`);
  await ensureInstalled(root);
  const node = nodeBinary(root);
  if (command.dashboard) ensureDashboard(root, node);
  process.exitCode = await runNode(node, [...command.script.map((file) => path.join(root, file)), ...args]);
}

/** Runs and passes signals on; a terminal's Ctrl-C reaches the child by itself, so here it only must not end us. */
function runNode(node, args) {
  const bin = path.dirname(node);
  const child = spawn(node, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` },
  });
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 128 + 15 : (code ?? 1)));
  });
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
