// Builds the dashboard when its sources are newer than the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Everything the build depends on, as one hash. */
function sourcesHash(root) {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  for (const folder of ['dashboard/src', 'dashboard/public', 'packages/contracts/src']) {
    if (!existsSync(path.join(root, folder))) continue;
    const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
    for (const name of names.sort()) hash.update(path.relative(root, name)).update(readFileSync(name));
  }
  for (const name of ['dashboard/index.html', 'dashboard/vite.config.ts'])
    hash.update(readFileSync(path.join(root, name)));
  return hash.digest('hex');
}

/** Builds into dashboard/dist unless that is up to date. `node` runs the build. */
export function ensureDashboard(root, node) {
  const marker = path.join(root, 'dashboard', 'dist', '.built-from');
  const wanted = sourcesHash(root);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.error('Building the dashboard …');
  const vite = path.join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const build = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: path.join(root, 'dashboard'),
    // Not the terminal: it would draw there.
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  if (build.status !== 0) {
    const why = build.error?.message ?? `${build.stdout}${build.stderr}`.trim();
    throw new Error(`The dashboard could not be built:\n${why}`);
  }
  writeFileSync(marker, wanted);
}
