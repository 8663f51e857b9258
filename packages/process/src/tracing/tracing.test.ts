import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createHttpApp } from '../http/create-http-app.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { listen } from '../http/listen.ts';
import { defineRoute } from '../http/route.ts';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics.ts';
import { ConfigError } from '../read-config.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../testing/otlp-receiver.ts';
import { startTracing } from './start-tracing.ts';
import { readTraceParent } from './trace-parent.ts';
import { causedBy, noTracing } from './tracing.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const identity = { serviceName: 'verdict-test', instance: 'test-1', logger };

describe('Traces', () => {
  let receiver: OtlpReceiver;
  const own: Record<string, string | undefined> = {};
  const set = (name: string, value: string): void => {
    own[name] ??= process.env[name];
    process.env[name] = value;
  };

  before(async () => {
    receiver = await startOtlpReceiver();
    set('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url);
    set('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=tests');
  });
  after(async () => {
    for (const [name, value] of Object.entries(own))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await receiver?.close();
  });
  const spanOf = (name: string) => {
    const span = receiver.spans.find((one) => one.name === name);
    assert.ok(span, name);
    return span;
  };

  test('go as a tree to the endpoint of the environment, with who sent them', async () => {
    const tracing = await startTracing(identity);
    const answer = await tracing.span('look', { attributes: { key: 'team-a/shop' } }, async (look) => {
      look.set({ outcome: 'settled' });
      await Promise.all([
        tracing.span('ask', { kind: 'client' }, async () => undefined),
        tracing.span('ask again', { kind: 'client' }, async () => undefined),
      ]);
      return 7;
    });
    await tracing.span('next', {}, async () => undefined);
    await tracing.close();
    assert.equal(answer, 7);
    const look = spanOf('look');
    assert.deepEqual(look.attributes, { key: 'team-a/shop', outcome: 'settled' });
    assert.equal(look.resource['service.name'], 'verdict-test');
    assert.equal(look.resource['service.instance.id'], 'test-1');
    assert.equal(look.resource['deployment.environment.name'], 'tests');
    for (const name of ['ask', 'ask again']) {
      assert.equal(spanOf(name).parentSpanId, look.spanId);
      assert.equal(spanOf(name).traceId, look.traceId);
    }
    assert.notEqual(spanOf('next').traceId, look.traceId);
  });

  test('note what was thrown, and pass it on', async () => {
    const tracing = await startTracing(identity);
    const failing = tracing.span('fails', {}, async () => {
      throw new Error('no');
    });
    await assert.rejects(failing, /^Error: no$/);
    await tracing.close();
    assert.equal(spanOf('fails').status, 2);
  });

  test('go on across processes by the header of W3C', async () => {
    const tracing = await startTracing(identity);
    const headers = await tracing.span('asks', { kind: 'client' }, async () => tracing.headers());
    await tracing.span('is asked', { kind: 'server', parent: headers.traceparent }, async () => undefined);
    assert.deepEqual(tracing.headers(), {});
    await tracing.close();
    assert.equal(spanOf('is asked').parentSpanId, spanOf('asks').spanId);
    assert.equal(readTraceParent('00-00000000000000000000000000000000-b7ad6b7169203331-01'), undefined);
    assert.equal(readTraceParent('something else'), undefined);
  });

  test('go on from what led to them alone, and are linked from a trace of their own where it was several', async () => {
    const tracing = await startTracing(identity);
    const request = (name: string) => tracing.span(name, {}, async () => tracing.headers().traceparent);
    const [one, two] = [await request('one'), await request('two')];
    await tracing.span('around', {}, async () => {
      await tracing.span('of one', causedBy([one, undefined, one]), async () => undefined);
      await tracing.span('of both', causedBy([one, two]), async () => undefined);
      await tracing.span('of nothing', causedBy([undefined]), async () => undefined);
    });
    await tracing.close();
    assert.equal(spanOf('of one').parentSpanId, spanOf('one').spanId);
    assert.deepEqual(spanOf('of one').links, []);
    const both = spanOf('of both');
    assert.deepEqual(
      both.links.map(({ spanId }) => spanId),
      [spanOf('one').spanId, spanOf('two').spanId],
    );
    assert.ok(!both.parentSpanId, 'it begins a trace');
    assert.notEqual(spanOf('of nothing').traceId, spanOf('around').traceId);
    assert.equal(causedBy(Array.from({ length: 500 }, (_, index) => `t${index}`)).links?.length, 64);
  });

  test('of requests know their route and status; what the caller did wrong is no error', async () => {
    const tracing = await startTracing(identity);
    const route = defineRoute({
      method: 'get',
      path: '/things/{id}',
      summary: 'A thing',
      roles: 'public',
      params: z.object({ id: z.string() }),
      response: z.object({}),
      handler: async ({ params }) => {
        if (params.id === 'absent') throw new HttpProblem(404, {});
        if (params.id === 'broken') throw new Error('a bug');
        return {};
      },
    });
    const verifyToken = async () => Promise.reject(new Error('nobody logs in'));
    const metrics = createMetrics();
    const app = createHttpApp({ name: 'x', routes: [route], verifyToken, metrics, logger, tracing });
    const { url, close } = await listen(createServer(app), { host: '127.0.0.1', port: 0 });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    for (const id of ['there', 'absent', 'broken'])
      await (await fetch(`${url}/things/${id}`, { headers: { traceparent } })).text();
    await close();
    await tracing.close();
    const requests = receiver.spans.filter(({ name }) => name === 'GET /things/{id}');
    assert.deepEqual(
      requests.map(({ attributes, status }) => [
        Number(attributes['http.response.status_code']),
        status === 2,
      ]),
      [
        [200, false],
        [404, false],
        [500, true],
      ],
    );
    for (const { parentSpanId } of requests) assert.equal(parentSpanId, 'b7ad6b7169203331');
  });

  test('are left out by the sampler that the environment names', async () => {
    const env = { ...process.env, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' };
    const tracing = await startTracing(identity, env);
    await tracing.span('left out', {}, async () => undefined);
    await tracing.close();
    assert.equal(
      receiver.spans.some(({ name }) => name === 'left out'),
      false,
    );
  });

  test('that cannot be sent hold nobody up', async () => {
    set('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9');
    const tracing = await startTracing(identity);
    await tracing.span('lost', {}, async () => undefined);
    await tracing.close();
    set('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url);
  });
});

test('without an endpoint, or switched off, there are no traces', async () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' };
  for (const env of [
    {},
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
  ])
    assert.equal(await startTracing(identity, env), noTracing);
  assert.equal(await noTracing.span('x', {}, async () => 3), 3);
});

test('a variable that does not fit is named', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  await assert.rejects(startTracing(identity, env), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /OTEL_EXPORTER_OTLP_PROTOCOL/);
    return true;
  });
});

test('nothing of the SDK is loaded where nobody wants traces', async () => {
  const index = path.join(import.meta.dirname, '../index.ts');
  const script = `
    import { createRequire, registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const { startTracing, createLogger } = await import(${JSON.stringify(index)});
    await startTracing({ serviceName: 'a', instance: 'b', logger: createLogger({ name: 'x', level: 'silent' }) });
    console.log(loaded.filter((url) => /opentelemetry.(sdk|resources|exporter|otlp)/.test(url)).length);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: process.env.PATH },
  });
  assert.equal(stdout.trim(), '0');
});
