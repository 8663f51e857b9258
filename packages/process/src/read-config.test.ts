import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { ConfigError, parseConfig } from './read-config.ts';

const schema = z.object({
  VERDICT_PORT: z.coerce.number().int().default(8080),
  VERDICT_DATABASE_URL: z.url(),
  VERDICT_POOL: z.string(),
});

test('every problem of the environment is reported at once', () => {
  assert.throws(
    () => parseConfig(schema, { VERDICT_PORT: 'eighty', VERDICT_DATABASE_URL: '' }),
    (error: Error) =>
      error instanceof ConfigError &&
      error.message.includes('VERDICT_PORT:') &&
      error.message.includes('VERDICT_DATABASE_URL is not set') &&
      error.message.includes('VERDICT_POOL is not set'),
  );
});

test('an empty variable counts as not set, so that defaults apply', () => {
  const config = parseConfig(schema, {
    VERDICT_PORT: '',
    VERDICT_DATABASE_URL: 'postgres://localhost/x',
    VERDICT_POOL: 'shop',
    PATH: '/bin',
  });
  assert.equal(config.VERDICT_PORT, 8080);
});
