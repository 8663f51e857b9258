import assert from 'node:assert/strict';
import { test } from 'node:test';
import { poolObject } from '../../resources/objects.fixture.ts';
import { type AskedCommand, askedCommands, nowHandled } from './asked-commands.ts';

const pool = (annotations: Record<string, string>, handledCommands?: Record<string, string>) => {
  const { owner } = poolObject();
  const metadata = { ...owner.metadata, annotations };
  return { metadata, status: handledCommands === undefined ? {} : { handledCommands } };
};
const commands = (asked: readonly AskedCommand[]) => asked.map(({ command }) => command);

test('each annotation is a command of its kind', () => {
  for (const [annotation, kind] of [
    ['verdict.dev/promote', 'promote'],
    ['verdict.dev/abort', 'abort'],
    ['verdict.dev/pause', 'pause'],
    ['verdict.dev/resume', 'resume'],
  ] as const)
    assert.equal(askedCommands(pool({ [annotation]: 'now' }))[0]?.command?.kind, kind);
  const [rollback] = askedCommands(pool({ 'verdict.dev/rollback-to': 'v3' }));
  assert.deepEqual(rollback?.command, { id: 'rollback-to:0:v3', kind: 'rollback', version: 3 });
});

test('other annotations, and values that were obeyed, ask for nothing', () => {
  assert.deepEqual(askedCommands(pool({ 'example.org/promote': 'now' })), []);
  assert.deepEqual(askedCommands(pool({ 'verdict.dev/pause': 'now' }, { 'verdict.dev/pause': 'now' })), []);
});

test('a version that is none is told of and obeyed by nobody', () => {
  assert.deepEqual(commands(askedCommands(pool({ 'verdict.dev/rollback-to': 'last' }))), [null]);
});

test('of several at once the careful ones count', () => {
  const asked = askedCommands(
    pool({
      'verdict.dev/promote': '1',
      'verdict.dev/abort': '1',
      'verdict.dev/pause': '1',
      'verdict.dev/resume': '1',
    }),
  );
  assert.deepEqual(
    asked.map(({ command }) => command?.kind),
    ['abort', 'resume', 'promote', 'pause'],
  );
});

test('an id stays until the status knows of it, and a value that comes again later has another one', () => {
  const annotations = { 'verdict.dev/rollback-to': '3' };
  const first = askedCommands(pool(annotations));
  assert.deepEqual(askedCommands(pool(annotations)), first);
  const handled = nowHandled(pool(annotations), first);
  assert.deepEqual(askedCommands(pool(annotations, handled)), []);
  const other = pool({ 'verdict.dev/rollback-to': '2' }, handled);
  const between = nowHandled(other, askedCommands(other));
  const [again] = askedCommands(pool(annotations, between));
  assert.notEqual(again?.id, first[0]?.id);
});

test('an annotation that is gone is forgotten, the count of commands is not', () => {
  const annotations = { 'verdict.dev/pause': 'now' };
  const handled = nowHandled(pool(annotations), askedCommands(pool(annotations)));
  const without = nowHandled(pool({}, handled), []);
  assert.deepEqual(without, { 'verdict.dev/commands-obeyed': '1' });
  assert.equal(askedCommands(pool(annotations, without)).length, 1);
});

test('a pool that was never commanded has nothing to remember', () => {
  assert.equal(nowHandled(pool({}), []), undefined);
});

test('ids and what is remembered fit, however long a value is', () => {
  const long = pool({ 'verdict.dev/promote': 'x'.repeat(5000) });
  const asked = askedCommands(long);
  assert.ok((asked[0]?.id.length ?? 0) <= 100);
  const handled = nowHandled(long, asked);
  assert.ok(Object.values(handled ?? {}).every((value) => value.length <= 200));
  assert.deepEqual(askedCommands({ ...long, status: { handledCommands: handled } }), []);
});
