import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionMark, versionName, versionsText, versionText } from './version-text.ts';

test('version 0 is named as built in', () => {
  assert.equal(versionText(0), 'the built-in version');
  assert.equal(versionName(0), 'built in');
  assert.equal(versionMark(0), 'v0');
  assert.equal(versionText(4), 'version 4');
});

test('several versions are listed as people do', () => {
  assert.equal(versionsText([]), 'no version');
  assert.equal(versionsText([2]), 'version 2');
  assert.equal(versionsText([2, 3]), 'versions 2 and 3');
  assert.equal(versionsText([2, 3, 5]), 'versions 2, 3 and 5');
});
