import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionOptions, databaseAddress, databaseProblems } from './database-address.ts';
import { DatabaseUnavailable } from './database-errors.ts';

const host = 'shop.postgres.database.azure.com';
const entra = { VERDICT_DATABASE_AUTH: 'entra' } as const;
const scopes: unknown[] = [];
const credential = {
  getToken: async (scope: string | string[]) => {
    scopes.push(scope);
    return { token: 'a token', expiresOnTimestamp: Date.now() + 3_600_000 };
  },
};

test('with Entra the password of each connection is a token for Azure Database for PostgreSQL', async () => {
  const url = `postgres://verdict@${host}/verdict?sslmode=verify-full`;
  assert.deepEqual(databaseProblems({ ...entra, VERDICT_DATABASE_URL: url }), []);
  const options = connectionOptions(databaseAddress({ ...entra, VERDICT_DATABASE_URL: url }, credential));
  assert.equal(typeof options.password, 'function');
  assert.equal(await (options.password as () => Promise<string>)(), 'a token');
  assert.deepEqual(scopes, ['https://ossrdbms-aad.database.windows.net/.default']);
  assert.deepEqual(
    [options.host, options.user, options.database, options.ssl !== undefined],
    [host, 'verdict', 'verdict', true],
  );
});

test('with Entra a URL names a user, has no password, and is for an encrypted connection', () => {
  const problem = (VERDICT_DATABASE_URL: string) =>
    databaseProblems({ ...entra, VERDICT_DATABASE_URL })
      .map(({ name, message }) => `${name} ${message}`)
      .join();
  assert.match(
    problem(`postgres://u:p@${host}/x?sslmode=verify-full`),
    /^VERDICT_DATABASE_URL must have no password/,
  );
  assert.match(problem(`postgres://u@${host}/x?sslmode=verify-full&password=p`), /must have no password/);
  assert.match(problem(`postgres://${host}/x?sslmode=verify-full`), /must name the user/);
  for (const sslmode of ['', '?sslmode=disable', '?sslmode=require', '?sslmode=no-verify'])
    assert.match(problem(`postgres://u@${host}/x${sslmode}`), /must have sslmode=verify-full/);
});

test('without it the URL is used as it stands', () => {
  const VERDICT_DATABASE_URL = 'postgres://u:p@127.0.0.1/x';
  assert.deepEqual(databaseProblems({ VERDICT_DATABASE_URL }), []);
  const address = databaseAddress({ VERDICT_DATABASE_URL, VERDICT_DATABASE_AUTH: 'password' }, credential);
  assert.deepEqual(connectionOptions(address), { connectionString: VERDICT_DATABASE_URL });
});

test('no token means that the database is unavailable, for waiting may help', async () => {
  const away = { getToken: () => Promise.reject(new Error('the issuer is away')) };
  const url = `postgres://u@${host}/x?sslmode=verify-full`;
  const { password } = databaseAddress({ ...entra, VERDICT_DATABASE_URL: url }, away);
  await assert.rejects(password?.() ?? Promise.resolve(), (error) => {
    assert.ok(error instanceof DatabaseUnavailable);
    assert.match(error.message, /no token for the database: the issuer is away/);
    return true;
  });
});
