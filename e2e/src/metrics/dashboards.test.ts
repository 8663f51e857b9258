import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { assertKnown } from './assert-known.ts';
import { knownNames } from './known-names.ts';
import { promtool, promtoolMissing } from './promtool.ts';

const folder = fileURLToPath(new URL('../../../manifests/grafana', import.meta.url));

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: { readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly expr: string }[];
}
interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { name: string; type: string; query: string | { query: string } }[];
  };
}

/** The data source that people choose at the top of a dashboard. */
const chosen = ['$', '{datasource}'].join('');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const dashboards = names.map(
  (name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Dashboard,
);
const shown = dashboards.flatMap(({ title, panels }) =>
  panels.flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => ({ at: `${title}: ${panel.title}`, expr })),
  ),
);

test('dashboards show only metrics and labels that processes have', () => {
  assert.ok(shown.length > 50);
  assertKnown(shown);
});

test('what can be chosen comes from metrics that are there', () => {
  const known = knownNames();
  for (const { title, templating } of dashboards)
    for (const { name, type, query } of templating.list) {
      if (type !== 'query') continue;
      const text = typeof query === 'string' ? query : query.query;
      const found = /^label_values\((\w+)(?:\{.*\})?, (\w+)\)$/.exec(text);
      assert.ok(found, `${title}: ${name}`);
      const [, metric = '', label = ''] = found;
      assert.ok(known.get(metric)?.has(label), `${title}: ${text}`);
    }
});

test('every metric of ours is on a dashboard or behind an alert, or is known to be left out', () => {
  const rules = readFileSync(path.join(folder, '../alerts/verdict.rules.yaml'), 'utf8');
  const all = `${rules}\n${shown.map(({ expr }) => expr).join('\n')}`;
  const families = new Set([...knownNames().keys()].map((name) => name.replace(/_(bucket|sum|count)$/, '')));
  const missing = [...families].filter((name) => !/^(nodejs|process)_/.test(name) && !all.includes(name));
  assert.deepEqual(missing.sort(), leftOut);
});

/** Told for those who look closer; each with another figure on a dashboard that says the same to most. */
const leftOut = [
  'controller_runtime_terminal_reconcile_errors_total',
  'verdict_detector_overlay',
  'verdict_detector_shadow_version',
  'verdict_gateway_door_counters',
  'workqueue_unfinished_work_seconds',
  'workqueue_work_duration_seconds',
];

test('every panel says what it shows, in which unit, and stands in nobody’s place', () => {
  assert.equal(new Set(dashboards.map(({ uid }) => uid)).size, dashboards.length);
  for (const { title, description, panels, uid } of dashboards) {
    assert.match(uid, /^verdict-[a-z]+$/);
    assert.ok(description.length > 20, title);
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, title);
    const taken = new Set<string>();
    for (const panel of panels) {
      const { x, y, w, h } = panel.gridPos;
      assert.ok(x + w <= 24, panel.title);
      for (let column = x; column < x + w; column++)
        for (let line = y; line < y + h; line++) {
          assert.ok(!taken.has(`${column}/${line}`), `${title}: ${panel.title}`);
          taken.add(`${column}/${line}`);
        }
      if (panel.type === 'row') continue;
      assert.ok((panel.description ?? '') !== '', `${title}: ${panel.title}`);
      assert.ok(panel.fieldConfig?.defaults.unit, `${title}: ${panel.title}`);
      assert.equal(panel.datasource?.uid, chosen, `${title}: ${panel.title}`);
    }
  }
});

test('Prometheus takes every expression of the dashboards', { skip: promtoolMissing }, () => {
  const plain = (expr: string) =>
    expr.replaceAll(/\$__(rate_interval|range)/g, '5m').replaceAll(/\$[a-z]+/g, '.*');
  const rules = shown.map(({ expr }, index) => ({ record: `dashboard:panel:${index}`, expr: plain(expr) }));
  const temporary = mkdtempSync(path.join(tmpdir(), 'verdict-dashboards-'));
  try {
    const file = path.join(temporary, 'rules.yaml');
    writeFileSync(file, stringify({ groups: [{ name: 'dashboards', rules }] }));
    assert.equal(promtool('check', 'rules', file), undefined);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});
