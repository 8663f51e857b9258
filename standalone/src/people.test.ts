import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { StartError } from '@verdict/process';
import { readPeople } from './people.ts';
import { loadSecrets } from './secrets.ts';

let root = '';
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'verdict-people-'));
});
after(() => rm(root, { recursive: true }));

async function fileOf(content: unknown): Promise<string> {
  const file = path.join(root, 'people.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}
const ann = { username: 'ann', password: 'orange-kettle', roles: ['analyst'] };

test('people of a file are users beside those of Verdict', async () => {
  const people = await readPeople(await fileOf([ann]));
  const folder = await mkdtemp(path.join(root, 'secrets-'));
  const { usersFile } = await loadSecrets(folder, undefined, people);
  const users = JSON.parse(await readFile(usersFile, 'utf8')) as unknown[];
  assert.deepEqual(users.at(-1), ann);
  assert.equal(users.length, 6);
});

test('a file that cannot be used says why in one sentence, without a password in it', async () => {
  const wrong: [unknown, RegExp][] = [
    ['[{"password": "orange-kettle"', /no JSON/],
    [[{ ...ann, roles: ['service'] }], /roles/],
    [[{ ...ann, roles: [] }], /roles/],
    [[{ ...ann, password: 'orange' }], /password: at least 8 characters/],
    [[{ ...ann, username: 'admin' }], /username: is a user of Verdict itself/],
    [[{ ...ann, username: 'conductor' }], /username: is a user of Verdict itself/],
    [[ann, ann], /a name is there twice/],
    [{ ann }, /users/],
  ];
  for (const [content, said] of wrong) {
    const file = await fileOf(content);
    await assert.rejects(readPeople(file), (error: unknown) => {
      assert.ok(error instanceof StartError);
      assert.match(error.message, said);
      assert.doesNotMatch(error.message, /orange|\n/);
      return true;
    });
  }
  await assert.rejects(readPeople(path.join(root, 'nobody.json')), /VERDICT_USERS_FILE cannot be read/);
});
