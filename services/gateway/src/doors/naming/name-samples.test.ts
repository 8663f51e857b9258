import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DoorRules, SeriesKey, SignalName } from '@verdict/contracts';
import fc from 'fast-check';
import { fitSeriesKey, fitSignalName } from './fit-name.ts';
import { namePattern } from './name-pattern.ts';
import { nameSamples } from './name-samples.ts';
import { podWorkload } from './pod-workload.ts';

const named = (labels: Record<string, string>, rules: object = {}) => {
  const naming = nameSamples(DoorRules.parse(rules))(new Map(Object.entries(labels)), null);
  return typeof naming === 'string' ? naming : `${naming.series} ${naming.signal}`;
};

test('by default replicas of a workload are one series, named by namespace and workload', () => {
  const cases: [Record<string, string>, string][] = [
    [{ namespace: 'shop', pod: 'cart-7d9f8b6c5d-x2x4z', job: 'pods' }, 'shop/cart'],
    [{ namespace: 'shop', pod: 'cart-7d9f8b6c5d-bb4qd', job: 'pods' }, 'shop/cart'],
    [{ namespace: 'shop', deployment: 'cart', job: 'kube-state-metrics' }, 'shop/cart'],
    [{ namespace: 'shop', service: 'cart', job: 'x' }, 'shop/cart'],
    [{ k8s_namespace_name: 'shop', k8s_deployment_name: 'cart' }, 'shop/cart'],
    [{ service_namespace: 'shop', service_name: 'cart', service_instance_id: '1' }, 'shop/cart'],
    [{ service_name: 'cart', service_instance_id: '1' }, 'cart'],
    [{ job: 'node', instance: '10.0.0.1:9100' }, 'node/10.0.0.1:9100'],
    [{ job: 'batch' }, 'batch'],
    [{ host_name: 'db 1/x' }, 'db_1_x'],
  ];
  for (const [labels, series] of cases)
    assert.equal(named({ __name__: 'cpu', ...labels }), `${series} cpu`, JSON.stringify(labels));
  assert.equal(named({ __name__: 'cpu' }), 'unmatched');
  assert.equal(named({ job: 'node', instance: 'a' }), 'unmatched');
});

test('what Kubernetes appends to the names of pods is taken off, and nothing else', () => {
  const cases = [
    ['cart-7d9f8b6c5d-x2x4z', 'cart'],
    ['node-exporter-x2x4z', 'node-exporter'],
    ['postgres-0', 'postgres'],
    ['backup-29384756-x2x4z', 'backup'],
    ['my-nginx', 'my-nginx'],
    ['web-proxy', 'web-proxy'],
    ['redis', 'redis'],
  ];
  for (const [pod = '', workload] of cases) assert.equal(podWorkload(pod), workload);
});

test('the first rule that is for a sample decides; some are left out', () => {
  const rules = {
    rules: [
      { match: { env: 'test*' }, drop: true },
      { metrics: ['node_*'], series: 'hosts/{instance}' },
      { match: { job: 'api' }, series: 'api/{region}/{pod}', signal: '{__name__}.{code}' },
      { series: '{job}' },
    ],
    ignore: ['*_bucket'],
  };
  assert.equal(named({ __name__: 'node_load1', env: 'testing', instance: 'a' }, rules), 'dropped');
  assert.equal(named({ __name__: 'node_load1', instance: 'a:1' }, rules), 'hosts/a:1 node_load1');
  assert.equal(
    named({ __name__: 'reqs', job: 'api', region: 'eu', pod: 'p', code: '500' }, rules),
    'api/eu/p reqs.500',
  );
  assert.equal(named({ __name__: 'reqs', job: 'api' }, rules), 'api reqs');
  assert.equal(named({ __name__: 'x_bucket', job: 'api' }, rules), 'ignored');
  assert.equal(named({ __name__: 'rpc', job: 'a', quantile: '0.99' }, rules), 'a rpc.q0.99');
});

test('rules that cannot be are refused by the name of their field', () => {
  const cases: [object, string][] = [
    [{ rules: [{ series: 'constant' }] }, 'rules.0.series'],
    [{ rules: [{ series: '{a b}' }] }, 'rules.0.series'],
    [{ rules: [{ series: '{job}' }, { series: 'a b/{job}' }] }, 'rules.1.series'],
    [{ rules: [{ series: '{job}', signal: 'a/{x}' }] }, 'rules.0.signal'],
    [{ rules: [{ series: '{job' }] }, 'rules.0.series'],
    [{ rules: [{ series: '{job}', drop: true }] }, 'rules.0.series'],
    [{ rules: [{ metrics: ['a'] }] }, 'rules.0.series'],
    [{ rules: [{ match: { 'a b': 'x' }, drop: true }] }, 'rules.0.match.a b'],
    [{ counters: { as: 'speed' } }, 'counters.as'],
    [{ combine: { gauges: 'last' } }, 'combine.gauges'],
  ];
  for (const [rules, field] of cases) {
    const path = DoorRules.safeParse(rules).error?.issues[0]?.path.join('.');
    assert.equal(path, field, JSON.stringify(rules));
  }
});

test('whatever labels say, keys and names are good ones, and long ones stay apart', () => {
  const text = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('.', '..', './..', '//', '__proto__'),
  );
  fc.assert(
    fc.property(text, (given) => {
      const key = fitSeriesKey(given.replace(/[^A-Za-z0-9._:/-]/g, '_'));
      if (key !== null) assert.ok(SeriesKey.safeParse(key).success, key);
      const name = fitSignalName(given);
      if (name !== null) assert.ok(SignalName.safeParse(name).success, name);
    }),
  );
  assert.notEqual(fitSignalName(`${'x'.repeat(100)}a`), fitSignalName(`${'x'.repeat(100)}b`));
  assert.notEqual(fitSeriesKey(`${'x/'.repeat(150)}a`), fitSeriesKey(`${'x/'.repeat(150)}b`));
});

test('patterns say what regular expressions would', () => {
  const part = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const name = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  fc.assert(
    fc.property(part, name, (pattern, given) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
      assert.equal(namePattern([pattern])(given), regex.test(given));
    }),
    { numRuns: 2000 },
  );
});
