// `npm run check`: format, lint, import cycles, licences, layers, types, unused code. Runs all, reports all.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, 'node_modules', name);

const steps = [
  ['format and lint', bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings', '.'],
  ['licences', path.join(root, 'scripts/check-licences.mjs')],
  ['layers', path.join(root, 'scripts/check-layers.mjs')],
  ['types', bin('typescript/bin/tsc'), '-p', '.'],
  ['types of the dashboard', bin('typescript/bin/tsc'), '-p', 'dashboard'],
  ['unused code', bin('knip/bin/knip.js'), '--no-progress'],
];

let failed = 0;
for (const [name, ...args] of steps) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  if (status !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;
