import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostGuard } from './host-guard.ts';

const guard = hostGuard(['verdict.example']);

test('loopback names and configured hosts are answered, whatever the port', () => {
  for (const host of [
    'localhost',
    'localhost:8080',
    '127.0.0.1:1',
    '[::1]:8080',
    '[::1]',
    'VERDICT.example:443',
  ])
    assert.equal(guard.hostAllowed(host), true, host);
});

test('a name that somebody pointed at this machine is not answered', () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.nip.io:80',
    '',
    undefined,
    'x:8080:1',
  ])
    assert.equal(guard.hostAllowed(host), false, String(host));
});

test('only pages of allowed hosts may call, and callers that are no browser', () => {
  assert.equal(guard.originAllowed(undefined), true);
  assert.equal(guard.originAllowed('http://localhost:5173'), true);
  assert.equal(guard.originAllowed('http://[::1]:5173'), true);
  for (const origin of [
    'null',
    'https://evil.example',
    'file://',
    'ftp://localhost',
    'http://localhost.evil.example',
  ])
    assert.equal(guard.originAllowed(origin), false, origin);
});

test('a star allows everything', () => {
  assert.equal(hostGuard(['*']).hostAllowed('anything:1'), true);
  assert.equal(hostGuard(['*']).originAllowed('https://anything'), true);
});
