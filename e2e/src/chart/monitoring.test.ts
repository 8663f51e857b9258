import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { helmMissing, renderedObjects, root } from './helm.ts';

const skip = helmMissing;

interface Rule {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly groups?: readonly { readonly rules: readonly Rule[] }[];
    readonly endpoints?: readonly { readonly honorLabels?: boolean }[];
  };
}

const objects = (sets: readonly string[] = []) => renderedObjects<Rendered>('ci/production.yaml', sets);

function alertsOf(all: readonly Rendered[]): Rule[] {
  const groups = all.find(({ kind }) => kind === 'PrometheusRule')?.spec?.groups ?? [];
  return groups.flatMap(({ rules }) => rules);
}

test('Prometheus gets every alert, with the way to its runbook', { skip }, () => {
  const alerts = alertsOf(objects());
  const pages = readdirSync(path.join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
  assert.deepEqual(alerts.map(({ alert }) => `${alert}.md`).sort(), pages.sort());
  for (const { alert, labels, annotations } of alerts) {
    assert.equal(annotations.runbook_url, `https://runbooks.example.com/verdict/${alert}.md`);
    assert.deepEqual(Object.keys(labels).sort(), ['severity', 'team']);
    // What Prometheus fills in goes through Helm as it is.
    assert.doesNotMatch(annotations.description ?? '', /<no value>/);
  }
  assert.ok(alerts.some(({ annotations }) => annotations.description?.includes('{{ $value')));
  assert.equal(
    alertsOf(objects(['alerts.runbookUrl=']))[0]?.annotations.runbook_url,
    'docs/runbooks/VerdictGatewayDown.md',
  );
});

test('Grafana finds every dashboard as it is written', { skip }, () => {
  const folder = path.join(root, 'manifests/grafana');
  const found = objects().filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
  const written = Object.assign({}, ...found.map(({ data }) => data)) as Record<string, string>;
  assert.deepEqual(Object.keys(written).sort(), readdirSync(folder).sort());
  for (const [name, text] of Object.entries(written))
    assert.deepEqual(JSON.parse(text), JSON.parse(readFileSync(path.join(folder, name), 'utf8')), name);
});

test('figures on models keep the models’ own namespaces when they are scraped', { skip }, () => {
  const monitor = objects().find(
    ({ kind, metadata }) => kind === 'ServiceMonitor' && metadata.name === 'verdict-gateway',
  );
  assert.equal(monitor?.spec?.endpoints?.[0]?.honorLabels, true);
});
