import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { createPlatformClient, type PlatformClientOptions } from './platform-client.ts';
import { PlatformAnswerUnexpected, PlatformRefused, PlatformUnavailable } from './platform-error.ts';

interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** Answers one request; throws nothing. */
type Answer = (
  request: Received,
  count: number,
) => { status: number; body?: unknown; headers?: Record<string, string> };

/** A real HTTP server that hands out tokens t1, t2, … and answers everything else with `answer`. */
async function startPlatform(context: TestContext, answer: Answer, expiresInSeconds = 900) {
  const received: Received[] = [];
  let tokens = 0;
  const reply = (response: ServerResponse, given: ReturnType<Answer>) => {
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(given.body === undefined ? '' : JSON.stringify(given.body));
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (request.url === '/auth/token') {
      tokens += 1;
      reply(response, {
        status: 200,
        body: { access_token: `t${tokens}`, token_type: 'Bearer', expires_in: expiresInSeconds },
      });
      return;
    }
    const entry: Received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    received.push(entry);
    reply(response, answer(entry, received.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  context.after(stop);
  const url = `http://127.0.0.1:${address.port}`;
  return { url, received, tokens: () => tokens, stop };
}

/** A clock that jumps instead of waiting. */
function jumpingClock() {
  const slept: number[] = [];
  let nowMs = 1_000_000;
  return {
    slept,
    advance: (ms: number) => {
      nowMs += ms;
    },
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      slept.push(ms);
      nowMs += ms;
    },
  };
}

function clientOf(url: string, options: Partial<PlatformClientOptions> = {}) {
  return createPlatformClient({
    url,
    credentials: { username: 'producer', password: 'secret' },
    clock: jumpingClock(),
    random: () => 0.5,
    ...options,
  });
}

const reading = { series: 'shop/cart', time: 1_700_000_000_000, values: { cpu: 1 } };
const accepted = { status: 202, body: { accepted: 1 } };

test('one token is fetched for many simultaneous calls', async (context) => {
  const platform = await startPlatform(context, () => accepted);
  const client = clientOf(platform.url);
  assert.equal(platform.tokens(), 0);
  await Promise.all(Array.from({ length: 5 }, () => client.sendReadings([reading])));
  assert.equal(platform.tokens(), 1);
  assert.equal(platform.received[0]?.headers.authorization, 'Bearer t1');
});

test('a token is replaced before it expires', async (context) => {
  const platform = await startPlatform(context, () => accepted, 100);
  const clock = jumpingClock();
  const client = clientOf(platform.url, { clock });
  await client.sendReadings([reading]);
  clock.advance(89_000);
  await client.sendReadings([reading]);
  assert.equal(platform.tokens(), 1);
  clock.advance(2_000);
  await client.sendReadings([reading]);
  assert.equal(platform.received.at(-1)?.headers.authorization, 'Bearer t2');
});

test('a refused token is replaced once, and a second refusal is the answer', async (context) => {
  const platform = await startPlatform(context, (request) =>
    request.headers.authorization === 'Bearer t1'
      ? { status: 401, body: { type: 'about:blank', title: 'Unauthorized', status: 401 } }
      : accepted,
  );
  assert.deepEqual(await clientOf(platform.url).sendReadings([reading]), { accepted: 1 });
  assert.equal(platform.tokens(), 2);

  const never = await startPlatform(context, () => ({ status: 401 }));
  const client = clientOf(never.url, { credentials: { token: async () => 'stale' } });
  await assert.rejects(
    client.models(),
    (error) => error instanceof PlatformRefused && error.problem.status === 401,
  );
  assert.equal(never.received.length, 2);
});

test('a busy platform is waited for as long as it asks', async (context) => {
  const platform = await startPlatform(context, (_request, count) =>
    count < 3 ? { status: count === 1 ? 429 : 503, headers: { 'retry-after': '3' } } : accepted,
  );
  const clock = jumpingClock();
  await clientOf(platform.url, { clock }).sendReadings([reading]);
  assert.deepEqual(clock.slept, [3_100, 3_200]);
});

test('retries are bounded and end in PlatformUnavailable with what the platform asked for', async (context) => {
  const platform = await startPlatform(context, () => ({ status: 503, headers: { 'retry-after': '2' } }));
  await assert.rejects(
    clientOf(platform.url).sendReadings([reading]),
    (error) => error instanceof PlatformUnavailable && error.status === 503 && error.retryAfterMs === 2_000,
  );
  assert.equal(platform.received.length, 4);
});

test('nobody listening is PlatformUnavailable and says so', async (context) => {
  const clock = jumpingClock();
  const platform = await startPlatform(context, () => accepted);
  await platform.stop();
  const client = clientOf(platform.url, { clock, credentials: { token: async () => 't' } });
  await assert.rejects(
    client.models(),
    (error) => error instanceof PlatformUnavailable && /refused/.test(error.message),
  );
  assert.equal(clock.slept.length, 3);
  assert.equal(await client.ready(), false);
});

test('a refusal carries the problem with its field and is not repeated', async (context) => {
  const problem = {
    type: 'about:blank',
    title: 'Bad request',
    status: 400,
    errors: [{ field: 'readings[0].series', message: 'bad key' }],
  };
  const platform = await startPlatform(context, () => ({ status: 400, body: problem }));
  await assert.rejects(clientOf(platform.url).sendReadings([reading]), (error) => {
    assert.ok(error instanceof PlatformRefused);
    assert.deepEqual(error.problem, problem);
    assert.match(error.message, /readings\[0\]\.series: bad key/);
    return true;
  });
  assert.equal(platform.received.length, 1);
});

test('an answer outside the contract is named, not passed on', async (context) => {
  const platform = await startPlatform(context, () => ({ status: 200, body: { items: [{ name: 3 }] } }));
  await assert.rejects(clientOf(platform.url).models(), PlatformAnswerUnexpected);
});

test('a plan is written against its revision, and a newer one gives null', async (context) => {
  const partitions = { 0: { version: 2, shadow: null, fallback: 1 } };
  const platform = await startPlatform(context, (request) =>
    request.headers['if-match'] === '"4"'
      ? { status: 200, body: { revision: 5, partitions } }
      : { status: 412, body: { type: 'about:blank', title: 'Precondition failed', status: 412 } },
  );
  const client = clientOf(platform.url);
  assert.deepEqual(await client.writePlan('shop', 4, partitions), { revision: 5, partitions });
  assert.equal(await client.writePlan('shop', 3, partitions), null);
  assert.equal(platform.received[0]?.path, '/pools/shop/plan');
});

test('a plan whose answer was lost is not written again', async (context) => {
  const platform = await startPlatform(context, () => ({ status: 504 }));
  await assert.rejects(clientOf(platform.url).writePlan('shop', 0, {}), PlatformUnavailable);
  assert.equal(platform.received.length, 1);
});

test('a series key travels as one path segment and a query leaves out what is not set', async (context) => {
  const platform = await startPlatform(context, () => ({ status: 404 }));
  const client = clientOf(platform.url);
  await assert.rejects(client.history('shop/cart', { points: 10 }), PlatformRefused);
  await assert.rejects(client.anomalies({ state: 'open', series: undefined }), PlatformRefused);
  assert.deepEqual(
    platform.received.map((request) => request.path),
    ['/series/shop%2Fcart/history?points=10', '/anomalies?state=open'],
  );
});

test('a platform that does not answer in time is unavailable', async (context) => {
  const platform = await startPlatform(context, () => accepted);
  const client = clientOf(platform.url, {
    credentials: { token: async () => 't' },
    timeoutMs: 20,
    retry: { attempts: 1 },
    fetch: (_url, init) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
      }),
  });
  await assert.rejects(client.sendReadings([reading]), /did not answer within 20 ms/);
});

test('an aborted client stops waiting', async (context) => {
  const stop = new AbortController();
  const platform = await startPlatform(context, () => {
    stop.abort();
    return { status: 503 };
  });
  await assert.rejects(clientOf(platform.url, { signal: stop.signal }).models(), { name: 'AbortError' });
  assert.equal(platform.received.length, 1);
});
