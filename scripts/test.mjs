// `npm test`: fast suites first, then those with embedded parts, then whole platforms. Extra arguments are files.
// A file of the latter two that fails is run once more, alone, and named at the end: two busy cores can starve a real
// process past any bound, while a file that is wrong fails both times. Unit tests have no second attempt.
// `--suite=unit`, `integration` or `e2e` runs that one alone; `npm run test:kube` (`--suite=kube`): those that need a
// real kube-apiserver; skipped loudly where there is none.
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeRunFolder } from './tests/make-run-folder.mjs';
import { endAll, runFiles } from './tests/run-files.mjs';
import { shareProcesses } from './tests/share-processes.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const exclude = (name) => name === 'node_modules' || name === 'dist';
const find = (pattern) =>
  globSync(pattern, { cwd: root, exclude: (entry) => exclude(path.basename(entry)) }).sort();

const all = find('{packages,services,operator,standalone,cli,dashboard,bench,e2e}/**/*.test.ts');
const kube = all.filter((file) => file.endsWith('.kube.test.ts'));
const integration = all.filter((file) => file.endsWith('.integration.test.ts'));
const endToEnd = integration.filter((file) => file.startsWith('e2e'));
const unit = all.filter((file) => !integration.includes(file) && !kube.includes(file));
/** What takes longest begins first: at the end nobody waits for it alone. */
const longest = [
  ...['proof-stream', 'proof-loop', 'fuzz', 'prometheus', 'images', 'browser/'],
  ...['detector/src/postgres', 'verdicts-to-trust', 'broken-hub', 'webhook', 'auth.', 'detector/src/main'],
  ...[
    'packages/training',
    'cli/src/backtest',
    'detector/src/shadow',
    'packages/detection',
    'retrainer/src/train',
  ],
];
const rank = (group) => {
  const found = longest.findIndex((part) => group.some((file) => file.includes(part)));
  return found < 0 ? longest.length : found;
};
const longestFirst = (groups) => groups.toSorted((a, b) => rank(a) - rank(b));
const eachAlone = (files) => longestFirst(files.map((file) => [file]));

// How many at once: on two cores, where those of `integration` wait more than they compute.
let suites = [
  ['unit', longestFirst(shareProcesses(root, unit)), 3],
  ['integration', eachAlone(integration.filter((file) => !endToEnd.includes(file))), 4],
  ['e2e', eachAlone(endToEnd), 2],
  // An API server of its own for each file.
  ['kube', eachAlone(kube), 2],
];
const suite = /^--suite=(.*)$/.exec(process.argv[2] ?? '')?.[1];
const kubeOnly = suite === 'kube';
const chosen = process.argv.slice(suite === undefined ? 2 : 3);
suites = suites.filter(([name]) => (suite === undefined ? name !== 'kube' : name === suite));
if (suites.length === 0) throw new Error(`no suite "${suite}"; there are unit, integration, e2e and kube`);
if (chosen.length > 0) suites = [['chosen', eachAlone(chosen), 1]];

// What all of them would make anew: a PostgreSQL to copy, and what V8 made of our sources.
const runFolder = makeRunFolder();
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: path.join(root, 'node_modules', '.cache', 'verdict-tests'),
  VERDICT_TEST_RUN_FOLDER: runFolder,
};
const totals = { pass: 0, fail: 0, skipped: 0 };
const secondAttempts = [];
let failed = false;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    endAll(signal);
    rmSync(runFolder, { recursive: true, force: true });
    process.exit(1);
  });
try {
  for (const [name, groups, atOnce] of suites) {
    if (groups.length === 0) continue;
    console.log(`\n— ${name}: ${groups.flat().length} files`);
    const startedMs = performance.now();
    const results = await runFiles(groups, { root, env, atOnce });
    for (const [index, first] of results.entries()) {
      if (first.ok || name === 'unit' || name === 'chosen') continue;
      console.log(`\n— ${name}, second attempt: ${first.files.join(', ')}`);
      const [second] = await runFiles([first.files], { root, env, atOnce: 1 });
      if (!second?.ok) continue;
      secondAttempts.push(...first.files);
      results[index] = { ...second, ms: first.ms + second.ms };
    }
    for (const key of Object.keys(totals))
      totals[key] += results.reduce((sum, result) => sum + result[key], 0);
    if (results.some(({ ok }) => !ok)) failed = true;
    tellTimes(name, results, performance.now() - startedMs);
  }
} finally {
  rmSync(runFolder, { recursive: true, force: true });
}
for (const file of secondAttempts) console.log(`\n*** PASSED ONLY AT THE SECOND ATTEMPT: ${file} ***`);
console.log(`\n${totals.pass} passed, ${totals.fail} failed, ${totals.skipped} skipped`);
const withoutKube = kubeOnly && !process.env.KUBEBUILDER_ASSETS && !process.env.VERDICT_CLUSTER;
if (withoutKube)
  console.log(
    '\n*** SKIPPED: everything that needs a kube-apiserver. Set KUBEBUILDER_ASSETS or VERDICT_CLUSTER. ***',
  );
// Nothing passed: a mistake, unless all was skipped for want of an API server.
process.exitCode = failed || (totals.pass === 0 && !withoutKube) ? 1 : 0;

/** Where the time of a suite went, since there is a budget for it. */
function tellTimes(name, results, tookMs) {
  const seconds = (ms) => `${(ms / 1000).toFixed(0)} s`;
  const slowest = results.toSorted((a, b) => b.ms - a.ms).slice(0, 5);
  const named = slowest.map(({ files, ms }) => {
    const more = files.length > 1 ? ` and ${files.length - 1} more` : '';
    return `${files[0]}${more} ${seconds(ms)}`;
  });
  console.log(`\n— ${name}: ${seconds(tookMs)}; longest: ${named.join(', ')}`);
}
