import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = '.github/workflows';
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, unknown>;
  readonly 'working-directory'?: string;
}
interface Job {
  readonly permissions?: unknown;
  readonly 'timeout-minutes'?: unknown;
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on?: Record<string, { paths?: readonly string[] } | null>;
  readonly permissions?: unknown;
  readonly concurrency?: { group?: unknown; 'cancel-in-progress'?: unknown };
  readonly defaults?: { run?: { shell?: string } };
  readonly jobs?: Record<string, Job>;
}

/** Folders that a run makes itself. */
const made = /^(dist|node_modules)(\/|$)/;
/**
 * Words with a slash that are no files: images and other addresses, labels, references of git,
 * types of resources. */
const noFile = /^(origin\/|refs\/|Microsoft\.\w+\/|[\w.-]+\.(io|com|org|sh)\/)/;

/** The repository's files that a text names, as globs where it does. What holds variables is beyond us. */
function namedFiles(text: string): string[] {
  const words = text
    .split(/[\s"'`=(){}<>|;,\\]+/)
    .map((word) => word.replace(/^\.\//, '').replace(/[.:]$/, ''));
  return words.filter(
    (word) =>
      /^[\w.][\w.*-]*(\/[\w.*-]+)+\/?$/.test(word) &&
      !noFile.test(word) &&
      !made.test(word) &&
      !/^[\d./]+$/.test(word),
  );
}

function problemsOfFiles(text: string, directory: string): string[] {
  return namedFiles(text)
    .filter((file) => globSync(file, { cwd: path.join(root, directory) }).length === 0)
    .map((file) => `there is no ${path.join(directory, file)}`);
}

/** What npm is told in `script` that the package.json of `directory` does not know. */
function problemsOfScripts(script: string, directory: string): string[] {
  const problems: string[] = [];
  const manifest = path.join(directory, 'package.json');
  for (const [, line] of script.matchAll(/\bnpm ([^\n|&;]*)/g)) {
    const [command, ...args] = (line ?? '').split(/\s+/).filter((word) => !word.startsWith('--silent'));
    if (!existsSync(path.join(root, manifest)))
      problems.push(`npm ${command} in ${directory}: no package.json`);
    else if (command === 'ci' || command === 'audit') {
      if (!existsSync(path.join(root, directory, 'package-lock.json')))
        problems.push(`${directory}: no lock file`);
    } else {
      const name = command === 'run' ? args[0] : command;
      const { scripts = {} } = JSON.parse(read(manifest)) as { scripts?: Record<string, string> };
      if (name === undefined || !(name in scripts)) problems.push(`${manifest} has no script "${name}"`);
    }
  }
  return problems;
}

const untrusted = /\$\{\{/;

function problemsOfStep(step: Step): string[] {
  const { uses, run, with: given = {}, env = {}, 'working-directory': directory = '.' } = step;
  const problems: string[] = [];
  if (uses?.startsWith('actions/checkout@') && given['persist-credentials'] !== false)
    problems.push('checkout leaves its token in the folder: persist-credentials: false');
  if (uses?.startsWith('./') && !existsSync(path.join(root, uses))) problems.push(`there is no ${uses}`);
  if (run !== undefined) {
    if (untrusted.test(run)) problems.push(`an expression inside of a script (hand it over in env): ${run}`);
    problems.push(...problemsOfScripts(run, directory), ...problemsOfFiles(run, directory));
  }
  if (directory !== '.' && !existsSync(path.join(root, directory))) problems.push(`there is no ${directory}`);
  const values = [...Object.values(env), ...(uses?.startsWith('./') ? Object.values(given) : [])];
  problems.push(
    ...values.flatMap((value) => problemsOfFiles(String(value).replace(/^[a-z]+:\/\/.*/, ''), '.')),
  );
  return problems;
}

function problemsOfJob(job: Job): string[] {
  const problems: string[] = [];
  const minutes = job['timeout-minutes'];
  if (typeof minutes !== 'number' || minutes > 120)
    problems.push('no timeout-minutes, or more than two hours');
  if (typeof job.permissions !== 'object' || job.permissions === null)
    problems.push('no permissions of its own');
  else if (Object.values(job.permissions).some((value) => value !== 'read' && value !== 'write'))
    problems.push('permissions are read or write, one by one');
  return [...problems, ...(job.steps ?? []).flatMap(problemsOfStep)];
}

/** Everything that is wrong with a workflow. */
function problemsOf(text: string): string[] {
  const document = parseDocument(text);
  const syntax = [...document.errors, ...document.warnings].map(({ message }) => message);
  if (syntax.length > 0) return syntax;
  const workflow = document.toJS() as Workflow;
  const problems: string[] = [];
  if (JSON.stringify(workflow.permissions) !== '{}') problems.push('top-level permissions are not {}');
  if (!workflow.concurrency?.group || workflow.concurrency['cancel-in-progress'] === undefined)
    problems.push('no concurrency with group and cancel-in-progress');
  // With a shell named, GitHub adds pipefail.
  if (workflow.defaults?.run?.shell !== 'bash') problems.push('defaults.run.shell is not bash');
  for (const event of ['pull_request_target', 'workflow_run', 'issue_comment'])
    if (event in (workflow.on ?? {})) problems.push(`${event} runs strangers' words with our rights`);
  for (const event of Object.values(workflow.on ?? {}))
    problems.push(
      ...(event?.paths ?? []).flatMap((paths) => problemsOfFiles(`${paths.replace(/\/\*\*$/, '/')}`, '.')),
    );
  for (const [, used, pin] of text.matchAll(/^\s*(?:- )?uses: (\S+)(.*)$/gm))
    if (
      !used?.startsWith('./') &&
      !(/@[0-9a-f]{40}$/.test(used ?? '') && /^ # v\d+\.\d+\.\d+$/.test(pin ?? ''))
    )
      problems.push(`not pinned by commit, with its version: ${used}${pin}`);
  for (const [name, job] of Object.entries(workflow.jobs ?? {}))
    problems.push(...problemsOfJob(job).map((problem) => `${name}: ${problem}`));
  return problems;
}

/** Which of `tests` a script runs. */
function filesOfTests(script: string, tests: readonly string[]): readonly string[] {
  return [...script.matchAll(/^\s*npm test(?: -- (.*))?$/gm)].flatMap(([, files]) =>
    files === undefined ? tests : files.split(/\s+/).flatMap((pattern) => globSync(pattern, { cwd: root })),
  );
}

const workflows = readdirSync(path.join(root, folder)).sort();
const scripts = globSync('.github/*/*.sh', { cwd: root }).sort();

describe('the workflows', () => {
  test('there are four of them', () => {
    assert.deepEqual(workflows, ['ci.yml', 'deploy.yml', 'e2e.yml', 'release.yml']);
  });

  for (const name of workflows)
    test(`${name} names only what exists, is pinned, bounded, and has no more rights than it needs`, () => {
      assert.deepEqual(problemsOf(read(path.join(folder, name))), []);
    });

  for (const name of scripts)
    test(`${name} names only what exists, and stops at the first error`, () => {
      const text = read(name);
      assert.match(text, /^#!\/usr\/bin\/env bash\n(# .*\n)+set -euo pipefail\n/);
      assert.deepEqual([...problemsOfFiles(text, '.'), ...problemsOfScripts(text, '.')], []);
    });

  test('an action has one version everywhere', () => {
    const pins = new Map<string, Set<string>>();
    for (const name of workflows)
      for (const [, repository, pin] of read(path.join(folder, name)).matchAll(
        /uses: ([\w-]+\/[\w-]+)\S*@(.*)$/gm,
      ))
        pins.set(repository ?? '', (pins.get(repository ?? '') ?? new Set()).add(pin ?? ''));
    assert.deepEqual(
      [...pins].filter(([, found]) => found.size > 1).map(([repository, found]) => [repository, ...found]),
      [],
    );
  });

  test('every test that is skipped without a program runs in a job of ci.yml that has it', () => {
    const { jobs = {} } = parseDocument(read(path.join(folder, 'ci.yml'))).toJS() as Workflow;
    const tests = globSync('e2e/src/**/*.test.ts', { cwd: root }).filter((file) => !file.includes('.kube.'));
    for (const [needed, installed] of [
      [/from '\.{1,2}\/(chart\/)?helm\.ts'/, /install-go-tools\.sh .*\bhelm\b/],
      [/from '\.{1,2}\/(metrics\/)?promtool\.ts'|\/find-prometheus\.ts'/, /apt-get install .*\bprometheus\b/],
    ] as const) {
      const wanted = tests.filter((file) => needed.test(read(file)));
      assert.notEqual(wanted.length, 0, String(needed));
      const run = new Set(
        Object.values(jobs).flatMap(({ steps = [] }) => {
          const scripts = steps.map((step) => step.run ?? '');
          if (!scripts.some((script) => installed.test(script))) return [];
          return scripts.flatMap((script) => filesOfTests(script, tests));
        }),
      );
      assert.deepEqual(
        wanted.filter((file) => !run.has(file)),
        [],
        `no job has ${installed} and runs these`,
      );
    }
  });

  test('docs/ci.md names each workflow, secret, variable and environment', () => {
    const page = read('docs/ci.md');
    const all = workflows.map((name) => read(path.join(folder, name))).join('\n');
    const wanted = [
      ...workflows,
      ...[...all.matchAll(/\b(?:secrets|vars)\.(\w+)/g)].map(([, name]) => name ?? ''),
    ];
    for (const [, name] of all.matchAll(/^ +environment: ([a-z]+)$/gm)) wanted.push(name ?? '');
    for (const name of new Set(wanted))
      assert.ok(page.includes(`\`${name}\``), `docs/ci.md does not name ${name}`);
  });
});

test('Dependabot looks where there is something to update', () => {
  const manifests: Record<string, string> = {
    npm: 'package.json',
    docker: 'Dockerfile',
    'docker-compose': 'compose.yaml',
    'github-actions': '.github/workflows',
  };
  const { updates } = parseDocument(read('.github/dependabot.yml')).toJS() as {
    updates: { 'package-ecosystem': string; directories: string[]; schedule?: object }[];
  };
  for (const { 'package-ecosystem': ecosystem, directories, schedule } of updates) {
    assert.ok(schedule, ecosystem);
    for (const directory of directories)
      assert.ok(
        existsSync(path.join(root, directory, manifests[ecosystem] ?? '?')),
        `${ecosystem} in ${directory}`,
      );
  }
});

describe('what is wrong with a workflow is noticed', () => {
  const pin = `${'0123456789'.repeat(4)} # v1.2.3`;
  const good = `on: { push: { paths: [packages/streams/**] } }
permissions: {}
concurrency: { group: x, cancel-in-progress: true }
defaults: { run: { shell: bash } }
jobs:
  one:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${pin}
        with: { persist-credentials: false }
      - run: npm run check
      - run: npm test -- e2e/src/chart/chart.test.ts
`;
  test('nothing, where nothing is', () => assert.deepEqual(problemsOf(good), []));

  const mistakes: [string, string, RegExp][] = [
    ['npm run check', 'npm run chekc', /has no script "chekc"/],
    ['npm run check', 'npm run check\n        working-directory: docs', /no package\.json/],
    ['npm run check', 'npm run check\n        working-directory: not/there', /there is no not\/there/],
    ['chart.test.ts', 'charts.test.ts', /there is no e2e\/src\/chart\/charts\.test\.ts/],
    ['npm run check', 'bash .github/tools/nothing.sh', /there is no \.github\/tools\/nothing\.sh/],
    ['npm run check', 'ls charts/nothing/*.yaml', /there is no charts\/nothing/],
    ['packages/streams', 'packages/steams', /there is no packages\/steams/],
    [`@${pin}`, '@v6', /not pinned/],
    [' # v1.2.3', '', /not pinned/],
    [pin, pin.slice(1), /not pinned/],
    [' # v1.2.3', ' # v1', /not pinned/],
    ['timeout-minutes: 5', 'name: x', /timeout-minutes/],
    ['permissions: { contents: read }', 'name: x', /no permissions of its own/],
    ['permissions: { contents: read }', 'permissions: write-all', /no permissions of its own/],
    ['permissions: {}', 'permissions: read-all', /top-level permissions/],
    ['concurrency: { group: x, cancel-in-progress: true }\n', '', /no concurrency/],
    ['persist-credentials: false', 'fetch-depth: 0', /persist-credentials/],
    ['npm run check', `echo "\${{ github.event.pull_request.title }}"`, /expression inside of a script/],
    ['push:', 'pull_request_target:', /strangers/],
    ['shell: bash', 'shell: sh', /not bash/],
    ['on: {', 'on: {{', /./],
    ['jobs:', 'permissions: {}\njobs:', /unique/],
  ];
  for (const [from, to, says] of mistakes)
    test(`${to.replaceAll(/\s+/g, ' ') || 'nothing'} in place of ${from.trim()}`, () => {
      assert.ok(good.includes(from));
      assert.match(problemsOf(good.replace(from, to)).join('\n'), says);
    });
});
