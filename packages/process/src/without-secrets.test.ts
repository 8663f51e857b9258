import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from './without-secrets.ts';

const secret = 'c2VjcmV0LXZhbHVlLTQ3MTE';

test('what looks like a secret in a text is left out, and the rest stays', () => {
  for (const text of [
    `connect to postgres://verdict:${secret}@db:5432/verdict failed`,
    `postgresql://verdict:pa%2F${secret}%40@db/verdict?sslmode=require: no route`,
    `Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey=${secret}=;EntityPath=data`,
    `DefaultEndpointsProtocol=https;AccountName=a;AccountKey=${secret}==;EndpointSuffix=core.windows.net`,
    `GET https://a.blob.core.windows.net/c/m?sv=2024&sig=${secret}%3D&se=now answered 403`,
    `POST https://hooks.example.com/x?token=${secret} failed`,
    `host=db password=${secret} user=verdict`,
    `refused: Authorization: Bearer ${secret}`,
    `the token=Bearer ${secret} is not known`,
    `{"username":"a","password":"${secret}"}`,
    `token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.${secret} has expired`,
    `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
    `-----BEGIN EC PRIVATE KEY-----\n${secret}`,
  ]) {
    const cleaned = withoutSecrets(text);
    assert.ok(!cleaned.includes(secret), cleaned);
    assert.match(cleaned, /\(hidden\)/);
  }
  assert.equal(
    withoutSecrets(`connect to postgres://verdict:${secret}@db:5432/verdict failed`),
    'connect to postgres://(hidden)@db:5432/verdict failed',
  );
});

test('a line of a log stays JSON, whatever was left out of it', () => {
  for (const text of [
    `GET https://a/m?sig=${secret}`,
    `said "password=${secret}"`,
    `{"password":"${secret}"}`,
    `-----BEGIN PRIVATE KEY-----\n${secret}`,
    `postgres://verdict:${secret}@db failed`,
    `Authorization: Bearer ${secret}`,
  ]) {
    const line = withoutSecrets(
      JSON.stringify({ msg: text, err: { message: text, stack: `${text}\n at x` }, n: 1 }),
    );
    assert.ok(!line.includes(secret), line);
    assert.equal((JSON.parse(line) as { n: number }).n, 1);
  }
});

test('a sentence without secrets stays as it is', () => {
  for (const text of [
    'precision 0.41 is below 0.5 after 12 verdicts (version 3)',
    'models/shop/3 is signed by none of the keys that are trusted (JZD3QuLo7ZkgjfoveByToSmGV-Y61nYD-72pDxS-C4s)',
    'the gateway at http://verdict-gateway.verdict.svc:8080 refused the token: it has expired',
    'Basic authentication is not offered',
    'postgresql://detector@shop.postgres.database.azure.com/verdict cannot be reached',
    'waits: ImagePullBackOff: Back-off pulling image "registry.example/verdict@sha256:0123"',
  ])
    assert.equal(withoutSecrets(text), text);
});
