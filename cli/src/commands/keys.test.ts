import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCommand, testGateway } from '../testing/run-command.ts';

test('a key is made, with itself alone on stdout, and listed without it', async (context) => {
  const { url, keys } = await testGateway(context);
  const made = await runCommand([
    'keys',
    'create',
    'shop agents',
    '--series',
    'shop/',
    '--expires',
    '90d',
    '--url',
    url,
  ]);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.stdout, 'vk_key1_secret\n');
  assert.match(made.stderr, /series that begin with shop\/, until 2027-02-20.*not shown again/);
  assert.deepEqual([keys[0]?.name, keys[0]?.seriesPrefix], ['shop agents', 'shop/']);
  const listed = await runCommand(['keys', '--url', url]);
  assert.match(
    listed.stdout,
    /ID +STATE[\s\S]*key1 +ending +shop\/\* +- +2027-02-20 00:00 +ann +shop agents/,
  );
  assert.doesNotMatch(listed.stdout, /secret/);
});

test('a key is rotated with an overlap, and revoked', async (context) => {
  const { url, keys } = await testGateway(context);
  await runCommand(['keys', 'create', 'agents', '--url', url]);
  const rotated = await runCommand(['keys', 'rotate', 'key1', '--overlap', '2d', '--url', url]);
  assert.equal(rotated.stdout, 'vk_key2_secret\n');
  assert.match(rotated.stderr, /all series, until it is revoked/);
  assert.equal(keys[0]?.expiresAt, '2026-11-24T00:00:00.000Z');
  const revoked = await runCommand(['keys', 'revoke', 'key2', '--url', url]);
  assert.equal(revoked.stdout, 'The key key2 is revoked.\n');
  const json = await runCommand(['keys', '--json', '--url', url]);
  assert.deepEqual(
    JSON.parse(json.stdout).items.map(({ state }: { state: string }) => state),
    ['ending', 'revoked'],
  );
  assert.equal((await runCommand(['keys', 'revoke', 'nobody', '--url', url])).code, 1);
  assert.equal((await runCommand(['keys', 'create', 'x', '--expires', 'soon', '--url', url])).code, 2);
});
