import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DetectorPoolResource, PlanUpdate, RolloutUpdate } from '@verdict/contracts';
import type { InMemoryPlatform } from './controllers/detector-pool/in-memory-platform.fixture.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** The part of the gateway's HTTP API that the operator needs for pools, in front of a platform in memory. */
export async function standInGateway(platform: InMemoryPlatform, namespace: string) {
  const server = createServer((request, response) => {
    answerTo(platform, namespace, request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      },
      (error: unknown) => {
        response.writeHead(503);
        response.end(String(error));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

async function answerTo(
  platform: InMemoryPlatform,
  namespace: string,
  request: IncomingMessage,
): Promise<Answer> {
  const path = new URL(request.url ?? '/', 'http://gateway').pathname;
  const body = await bodyOf(request);
  const ok = (answer: unknown): Answer => ({ status: 200, body: answer });
  const revised = (answer: unknown): Answer => (answer === null ? problem(412) : ok(answer));
  if (request.headers.authorization !== 'Bearer operator') return problem(401);
  if (request.method === 'GET' && path === '/models') return ok({ items: await platform.models(namespace) });
  if (request.method === 'GET' && path === '/pools') return ok({ items: await platform.pools(namespace) });
  const [, kind, name = '', what, version, ...more] = path.split('/');
  if (request.method !== 'PUT') return problem(404);
  if (kind === 'models' && what === undefined) return ok(body);
  if (kind === 'pools' && what === undefined) {
    await platform.putPool({ namespace, name }, (body as DetectorPoolResource).spec);
    return ok(body);
  }
  if (kind === 'models' && what === 'versions' && more[0] === 'state') {
    const pool = platform.allPools().find(({ spec }) => spec.model === name);
    if (pool) await platform.setVersionState(pool, Number(version), (body as { state: 'aborted' }).state);
    return ok({});
  }
  const pool = structuredClone(platform.pool(namespace, name));
  const revision = Number(/\d+/.exec(request.headers['if-match'] ?? '')?.[0]);
  if (what === 'plan') {
    pool.plan.revision = revision;
    return revised(await platform.writePlan(pool, (body as PlanUpdate).partitions));
  }
  pool.rollout.revision = revision;
  return revised(await platform.saveRollout(pool, body as RolloutUpdate));
}

function problem(status: number): Answer {
  return { status, body: { type: 'about:blank', title: 'No', status, detail: 'The stand-in says no.' } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text === '' ? undefined : JSON.parse(text);
}
