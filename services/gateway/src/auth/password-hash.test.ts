import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, verifyPassword } from './password-hash.ts';

test('a hash fits only its password, and the same password never hashes to the same text', async () => {
  const hash = await hashPassword('correct horse');
  assert.match(hash, /^\$scrypt\$v=1\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/);
  assert.equal(await verifyPassword('correct horse', hash), true);
  assert.equal(await verifyPassword('correct horsf', hash), false);
  assert.equal(await verifyPassword('', hash), false);
  assert.notEqual(await hashPassword('correct horse'), hash);
});

test('a password typed with composed or decomposed letters is the same', async () => {
  assert.equal(await verifyPassword('caf\u0065\u0301', await hashPassword('caf\u00e9')), true);
});

test('a hash that cannot be read fits nothing', async () => {
  for (const stored of [
    '',
    'plain',
    '$scrypt$v=2$ln=15,r=8,p=3$a$b',
    '$scrypt$v=1$ln=31,r=8,p=1$c2FsdHNhbHQ$x',
  ])
    assert.equal(await verifyPassword('plain', stored), false, stored);
});
