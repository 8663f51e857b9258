import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from '@verdict/process';
import { FeedbackConfig, TrainConfig } from './config.ts';

const database = {
  VERDICT_DATABASE_URL: 'postgres://verdict@shop.postgres.database.azure.com/verdict?sslmode=verify-full',
  VERDICT_DATABASE_AUTH: 'entra',
};
const feedback = { ...database, VERDICT_EVENT_HUBS_NAMESPACE: 'shop.servicebus.windows.net' };
const train = {
  ...database,
  VERDICT_BLOBS_URL: 'https://shop.blob.core.windows.net/verdict',
  VERDICT_MODEL: 'shop',
  VERDICT_TRIGGER_ID: 'asked-1',
};

test('with an identity of Azure neither command needs a connection string or a password', () => {
  assert.equal(parseConfig(FeedbackConfig, feedback).VERDICT_DATABASE_AUTH, 'entra');
  assert.equal(parseConfig(TrainConfig, train).VERDICT_DATABASE_AUTH, 'entra');
});

test('two ways to the hubs, none, and a password beside an identity are refused', () => {
  const both = { ...feedback, VERDICT_EVENT_HUBS_CONNECTION_STRING: 'Endpoint=sb://127.0.0.1' };
  assert.throws(() => parseConfig(FeedbackConfig, both), /NAMESPACE: must not be set together/);
  assert.throws(() => parseConfig(FeedbackConfig, database), /CONNECTION_STRING is not set \(needed, or/);
  const VERDICT_DATABASE_URL = 'postgres://verdict:word@127.0.0.1/verdict';
  assert.throws(() => parseConfig(TrainConfig, { ...train, VERDICT_DATABASE_URL }), /must have no password/);
});
