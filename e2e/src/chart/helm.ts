import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

/** The checkout. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));
export const chart = path.join(root, 'charts', 'verdict');

/** The program helm: beside the cluster's, or on the PATH; undefined where there is none. */
function findHelm(): string | undefined {
  const { VERDICT_CLUSTER: cluster } = process.env;
  if (cluster) {
    const folder = execFileSync(cluster, ['bin'], { encoding: 'utf8', timeout: 60_000 }).trim();
    const file = path.join(folder, 'helm');
    if (existsSync(file)) return file;
  }
  return spawnSync('helm', ['version'], { stdio: 'ignore' }).status === 0 ? 'helm' : undefined;
}

const helm = findHelm();

/** For `test(title, { skip: helmMissing }, …)`: false, or why charts cannot be rendered. */
export const helmMissing: string | false =
  helm === undefined && 'no helm: put it on the PATH, or set VERDICT_CLUSTER';

if (helmMissing !== false)
  console.error(`
************************************************************************************************
* Skipped: the tests of the chart. They need the program helm:
*   on the PATH, or VERDICT_CLUSTER=<cluster command>   ("$VERDICT_CLUSTER" bin prints its folder)
************************************************************************************************`);

/** What helm said: rendered objects, or why not. */
export interface Rendered {
  readonly text: string;
  /** Undefined when it worked. */
  readonly problem: string | undefined;
}

/** Renders the chart as release `verdict` in namespace `verdict`, with files of values and `--set`s. */
export function render(given: { files?: readonly string[]; sets?: readonly string[] } = {}): Rendered {
  const { files = [], sets = [] } = given;
  const args = ['template', 'verdict', chart, '--namespace=verdict', '--kube-version=1.34.0'];
  for (const file of files) args.push('--values', path.join(chart, file));
  for (const set of sets) args.push('--set', set);
  const run = spawnSync(helm ?? 'helm', args, { encoding: 'utf8', timeout: 60_000, maxBuffer: 2 ** 26 });
  if (run.error) throw run.error;
  return { text: run.stdout, problem: run.status === 0 ? undefined : run.stderr };
}

/** The objects of the chart, without its kinds; fails where it cannot be rendered. `Found` = what the caller reads of them. */
export function renderedObjects<Found extends object>(file: string, sets: readonly string[] = []): Found[] {
  const { text, problem } = render({ files: [file], sets: ['crds.install=false', ...sets] });
  assert.equal(problem, undefined);
  return parseAllDocuments(text)
    .map((document): unknown => document.toJS())
    .filter((object): object is Found => object !== null);
}
