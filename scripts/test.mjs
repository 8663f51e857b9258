// `npm test`: fast suites first, then those with embedded parts, then the browser. Extra arguments are files.
// A file of the latter two that fails is run once more, alone, and named at the end: two busy cores can starve a real
// process past any bound, while a file that is wrong fails both times. Unit tests have no second attempt.
// `npm run test:kube` (`--suite=kube`): those that need a real kube-apiserver; skipped loudly where there is none.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const exclude = (name) => name === 'node_modules' || name === 'dist';
const find = (pattern) =>
  globSync(pattern, { cwd: root, exclude: (entry) => exclude(path.basename(entry)) }).sort();

const all = find('{packages,services,operator,standalone,cli,dashboard,bench,e2e}/**/*.test.ts');
const kube = all.filter((file) => file.endsWith('.kube.test.ts'));
const integration = all.filter((file) => file.endsWith('.integration.test.ts'));
const endToEnd = integration.filter((file) => file.startsWith('e2e'));
const suites = [
  ['unit', all.filter((file) => !integration.includes(file) && !kube.includes(file)), 2],
  ['integration', integration.filter((file) => !endToEnd.includes(file)), 2],
  // The whole platform runs in these; one at a time.
  ['end to end', endToEnd, 1],
];
const kubeOnly = process.argv[2] === '--suite=kube';
const chosen = process.argv.slice(kubeOnly ? 3 : 2);
// An API server of its own for each file.
if (kubeOnly) suites.splice(0, suites.length, ['kube', kube, 2]);
if (chosen.length > 0) suites.splice(0, suites.length, ['chosen', chosen, 1]);

const totals = { pass: 0, fail: 0, skipped: 0 };
const secondAttempts = [];
let failed = false;
for (const [name, files, concurrency] of suites) {
  if (files.length === 0) continue;
  console.log(`\n— ${name}: ${files.length} files`);
  let result = await runSuite(files, concurrency);
  const again = result.fail > 0 && name !== 'unit' && name !== 'chosen' ? failedFiles(result.output) : [];
  if (again.length > 0) {
    console.log(`\n— ${name}, second attempt: ${again.join(', ')}`);
    const second = await runSuite(again, 1);
    if (second.status === 0) {
      secondAttempts.push(...again);
      result = { ...result, status: 0, pass: result.pass + result.fail, fail: 0 };
    }
  }
  for (const key of Object.keys(totals)) totals[key] += result[key];
  if (result.status !== 0) failed = true;
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

/** Runs Node's test runner, shows its output as it comes, and keeps its closing lines and counts. */
async function runSuite(files, concurrency) {
  const options = [`--test-concurrency=${concurrency}`, '--test-timeout=600000', '--test-reporter=spec'];
  const stdio = ['ignore', 'pipe', 'inherit'];
  const child = spawn(process.execPath, ['--test', ...options, ...files], { cwd: root, stdio });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    output = (output + text).slice(-100_000);
  });
  const status = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const count = (key) => Number(new RegExp(`^ℹ ${key} (\\d+)`, 'm').exec(output)?.[1] ?? 0);
  return { status, output, pass: count('pass'), fail: count('fail'), skipped: count('skipped') };
}

/** The files that the runner's closing list of failures names. */
function failedFiles(output) {
  const list = output.slice(output.lastIndexOf('failing tests:'));
  return [...new Set([...list.matchAll(/^test at (.+?):\d+:\d+$/gm)].map(([, file]) => file))];
}
