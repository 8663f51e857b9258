import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { argoHealth, configFile, configText, type Kind, scriptOf, writeConfig } from './argo-health.ts';
import { kstatus, type ObjectWithStatus } from './kstatus.fixture.ts';

const kinds: readonly Kind[] = ['AnomalyModel', 'DetectorPool'];
const root = fileURLToPath(new URL('../../..', import.meta.url));
/** A module of the operator: processes are no packages, and are known here by their files alone. */
const load = (file: string) => import(pathToFileURL(path.join(root, 'operator/src/resources', file)).href);
const { readySummary } = await load('ready-summary.ts');
const { setConditions } = await load('condition.ts');
const samples = await load('status-samples.fixture.ts');

const fine = { reason: 'Serving', message: 'every "partition" is served – by 3' };
const platformAway = { reason: 'PlatformUnavailable', message: 'the gateway does not answer' };
const waiting = { reason: 'NoDetector', message: 'no detector is ready' };
const stalled = { reason: 'ModelTaken', message: 'pool other serves it', serves: false };

/** An object whose conditions the operator's own functions made. */
function objectIn(state: object, more: { type: string; status: string }[] = []): ObjectWithStatus {
  const findings = [
    ...readySummary({ fine, ...state }),
    ...more.map((one) => ({ reason: 'Because', message: 'of it', ...one })),
  ];
  const conditions = setConditions([], findings, {
    nowMs: Date.parse('2026-03-10T12:30:00Z'),
    generation: 2,
  });
  return { metadata: { generation: 2 }, status: { observedGeneration: 2, conditions } };
}

const situations = [
  ['serves', objectIn({}), 'Current', 'Healthy'],
  ['waits for detectors', objectIn({ waiting }), 'InProgress', 'Progressing'],
  ['the platform is away', objectIn({ platformAway }), 'InProgress', 'Progressing'],
  ['cannot go on', objectIn({ stalled }), 'Failed', 'Degraded'],
  ['serves, and cannot go on', objectIn({ stalled: { ...stalled, serves: true } }), 'Failed', 'Degraded'],
  ['was changed a moment ago', { ...objectIn({}), metadata: { generation: 3 } }, 'InProgress', 'Progressing'],
  [
    'is being deleted',
    { ...objectIn({}), metadata: { generation: 2, deletionTimestamp: '2026-03-10T12:31:00Z' } },
    'Terminating',
    'Progressing',
  ],
] as const;

for (const kind of kinds)
  test(`what is true of ${kind} is told alike by kstatus and Argo CD`, async () => {
    for (const [what, object, wanted, health] of situations) {
      assert.equal(kstatus(object), wanted, what);
      const shown = await argoHealth(kind, object);
      assert.equal(shown.status, health, what);
      assert.notEqual(shown.message, '', what);
    }
    assert.equal((await argoHealth(kind, objectIn({}))).message, `Serving: ${fine.message}`);
    assert.equal((await argoHealth(kind, objectIn({ waiting }))).message, 'NoDetector: no detector is ready');
  });

test('an object that the operator has not seen yet is on its way, not healthy', async () => {
  for (const kind of kinds)
    for (const object of [
      { metadata: { generation: 1 } },
      { metadata: { generation: 1 }, status: {} },
      { metadata: { generation: 1 }, status: { observedGeneration: 1, conditions: [] } },
    ])
      assert.equal((await argoHealth(kind, object)).status, 'Progressing');
});

test('a pool whose detectors crash is degraded, though others serve', async () => {
  const object = objectIn({}, [{ type: 'Degraded', status: 'True' }]);
  assert.deepEqual(await argoHealth('DetectorPool', object), {
    status: 'Degraded',
    message: 'Because: of it',
  });
});

test('a canary or a training does not make an application unhealthy, and is told', async () => {
  const object = objectIn({}, [
    { type: 'Progressing', status: 'True' },
    { type: 'CanaryHealthy', status: 'False' },
    { type: 'Degraded', status: 'False' },
  ]);
  assert.deepEqual(await argoHealth('DetectorPool', object), {
    status: 'Healthy',
    message: 'Because: of it',
  });
  const { poolStatus, modelStatus } = samples;
  const metadata = { generation: 1 };
  assert.equal((await argoHealth('DetectorPool', { metadata, status: poolStatus })).status, 'Healthy');
  assert.equal((await argoHealth('AnomalyModel', { metadata, status: modelStatus })).status, 'Healthy');
  assert.equal(kstatus({ metadata, status: poolStatus }), 'Current');
});

test('the scripts keep to what Argo CD’s Lua 5.1 knows', () => {
  for (const kind of kinds) {
    const code = scriptOf(kind)
      .replace(/--.*$/gm, '')
      .replace(/"[^"]*"/g, '""');
    assert.doesNotMatch(code, /\/\/|\bgoto\b|[&|]|<<|>>|\b(string|math|os|io|require)\b/);
  }
});

test('the ConfigMap for Argo CD holds the scripts as they are', () => {
  if (process.env.VERDICT_UPDATE_GOLDEN === '1') writeConfig();
  assert.equal(readFileSync(configFile, 'utf8'), configText(), 'run with VERDICT_UPDATE_GOLDEN=1');
});
