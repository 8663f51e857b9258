import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { assertKnown } from './assert-known.ts';
import { knownNames } from './known-names.ts';
import { promtool, promtoolMissing } from './promtool.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const file = path.join(root, 'manifests/alerts/verdict.rules.yaml');
const runbooks = path.join(root, 'docs/runbooks');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}
const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { name: string; rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

test('alerts name only metrics and labels that processes have', () => {
  assertKnown(alerts.map(({ alert, expr }) => ({ at: alert, expr })));
});

test('every alert says what is wrong in words, how bad it is, and what to do', () => {
  assert.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length);
  for (const { alert, labels, annotations } of alerts) {
    assert.match(alert, /^Verdict[A-Z][A-Za-z]+$/);
    assert.match(labels.severity, /^(critical|warning|info)$/, alert);
    assert.ok(annotations.summary.length > 20 && annotations.description.length > 20, alert);
    assert.equal(annotations.runbook_url, `docs/runbooks/${alert}.md`);
    const page = readFileSync(path.join(root, annotations.runbook_url), 'utf8');
    assert.ok(page.startsWith(`# ${alert}\n`), alert);
    assert.match(page, new RegExp(`Severity \`${labels.severity}\``), alert);
    assert.match(page, /## Look\n- [\s\S]*## Do\n- /, alert);
  }
});

test('there is a runbook for each alert, no other, and links in them lead somewhere', () => {
  const pages = readdirSync(runbooks).filter((name) => name !== 'README.md');
  assert.deepEqual(pages.sort(), alerts.map(({ alert }) => `${alert}.md`).sort());
  const index = readFileSync(path.join(runbooks, 'README.md'), 'utf8');
  for (const { alert } of alerts) assert.ok(index.includes(`[${alert}](${alert}.md)`), alert);
  for (const page of readdirSync(runbooks))
    for (const [, link] of readFileSync(path.join(runbooks, page), 'utf8').matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(existsSync(path.join(runbooks, link ?? '')), `${page}: ${link}`);
});

test('metrics that runbooks name are there', () => {
  const known = knownNames();
  const families = new Set([...known.keys()].map((name) => name.replace(/_(bucket|sum|count)$/, '')));
  for (const page of readdirSync(runbooks)) {
    const text = readFileSync(path.join(runbooks, page), 'utf8');
    for (const [name] of text.matchAll(/\b(verdict|workqueue|rest_client|controller_runtime)_[a-z_]+\b/g)) {
      if (name.startsWith('verdict_dev_')) continue;
      assert.ok(known.has(name) || families.has(name), `${page}: ${name}`);
    }
  }
});

test('Prometheus takes the rules', { skip: promtoolMissing }, () => {
  assert.equal(promtool('check', 'rules', file), undefined);
});

test('alerts come when something is wrong, and not before', { skip: promtoolMissing }, () => {
  const cases = ['alert-cases.yaml', 'slow-alert-cases.yaml'];
  const files = cases.map((name) => fileURLToPath(new URL(name, import.meta.url)));
  assert.equal(promtool('test', 'rules', ...files), undefined);
});
