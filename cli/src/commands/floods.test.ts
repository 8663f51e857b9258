import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry, Flood } from '@verdict/contracts';
import { runCommand, testGateway } from '../testing/run-command.ts';

const flood: Flood = {
  id: '5d3cbf0e-7c1c-4e6e-9f5f-3f3f0a3b9a11',
  person: 'eve',
  from: '2026-11-22T16:00:00.000Z',
  until: '2026-11-22T16:10:00.000Z',
  perMinute: 61,
  limit: 60,
  usual: 3,
  state: 'open',
  answers: { true: 4, false: 70, withdrawn: 0, missed: 0 },
  reviewedBy: null,
  reviewedAt: null,
  note: null,
};
const entry: AuditEntry = {
  at: '2026-11-22T16:00:00.000Z',
  person: 'eve',
  action: 'verdict',
  subject: '0f1e2d3c4b5a69788796a5b4',
  series: 'shop/cart',
  verdict: 'false',
  before: 'true',
  text: 'deployment',
  uncounted: 'held',
};

test('floods of answers are listed, and one is decided about once', async (context) => {
  const gateway = await testGateway(context);
  const { url } = gateway;
  gateway.floods.push(flood);
  const listed = await runCommand(['feedback', 'floods', '--state', 'open', '--url', url]);
  assert.equal(listed.code, 0, listed.stderr);
  assert.match(listed.stdout, /5d3cbf0e\S+ +open +eve +2026-11-22 16:00:00 +61 +3 +74/);
  assert.ok(gateway.asked.includes('/feedback/floods?state=open'));
  const review = ['feedback', 'floods', 'review', flood.id, 'discard', '--note', 'a script', '--url', url];
  assert.equal((await runCommand(review)).stdout, 'The answers of eve are discarded.\n');
  assert.deepEqual([gateway.floods[0]?.state, gateway.floods[0]?.note], ['discarded', 'a script']);
  assert.equal(
    (await runCommand(['feedback', 'floods', 'review', flood.id, 'forgive', '--url', url])).code,
    2,
  );
  assert.equal((await runCommand(['feedback', 'floods', 'review', 'none', 'accept', '--url', url])).code, 1);
});

test('the trail is shown with what an answer was before, and whether it counts', async (context) => {
  const gateway = await testGateway(context);
  gateway.trail.push(entry);
  const shown = await runCommand([
    'feedback',
    'audit',
    '--person',
    'eve',
    '--from',
    '6h',
    '--url',
    gateway.url,
  ]);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(
    shown.stdout,
    /2026-11-22 16:00:00 +eve +false +true +held +0f1e2d3c4b5a69788796a5b4 +shop\/cart/,
  );
  assert.match(shown.stderr, /There is more: --next 1-0-1/);
  const asked = gateway.asked.find((path) => path.startsWith('/feedback/audit'));
  assert.match(asked ?? '', /person=eve/);
  assert.match(asked ?? '', /from=/);
  const json = await runCommand(['feedback', 'audit', '--json', '--url', gateway.url]);
  assert.deepEqual(JSON.parse(json.stdout).items, [entry]);
});
