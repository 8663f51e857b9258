import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AnomalyModelResource,
  DetectorPoolResource,
  PlanUpdate,
  PoolView,
  RolloutUpdate,
  TrainingRecordUpdate,
  VersionState,
} from '@verdict/contracts';
import type { InMemoryPlatform } from './in-memory-platform.fixture.ts';
import type { PlatformName } from './platform.ts';
import { PlatformRefusedError } from './platform-error.ts';

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** The token that it lets in. */
export const standInToken = 'operator';

/** The part of the gateway's HTTP API that the operator needs, in front of a platform in memory. */
export async function standInGateway(platform: InMemoryPlatform) {
  const server = createServer((request, response) => {
    answerTo(platform, request)
      .catch((error: unknown) =>
        error instanceof PlatformRefusedError
          ? problem(error.status, error.message)
          : problem(503, String(error)),
      )
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(body === undefined ? undefined : JSON.stringify(body));
      });
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

async function answerTo(platform: InMemoryPlatform, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const body = await bodyOf(request);
  if (request.headers.authorization !== `Bearer ${standInToken}`) return problem(401, 'Who are you?');
  const asked = `${request.method} ${url.pathname}`;
  if (asked === 'GET /models') return ok({ items: await platform.models() });
  if (asked === 'GET /pools') return ok({ items: chosen(await platform.pools(), url.searchParams) });
  const [, kind, name = '', ...path] = url.pathname.split('/').map(decodeURIComponent);
  const namespace = url.searchParams.get('namespace') ?? 'default';
  const id = path[1] ?? '';
  const route = path.map((part, index) => (index === 1 && part !== 'prune' ? ':id' : part)).join('/');
  const call = { route: `${request.method} ${route}`, name: { namespace, name }, id, body };
  if (kind === 'models') return await toModel(platform, call);
  if (kind === 'pools') return await toPool(platform, call, request.headers['if-match']);
  return problem(404, asked);
}

function chosen(pools: readonly PoolView[], query: URLSearchParams): PoolView[] {
  const fits = (field: string, has: string) => (query.get(field) ?? has) === has;
  return pools.filter(
    ({ namespace, name, spec }) =>
      fits('namespace', namespace) && fits('name', name) && fits('model', spec.model),
  );
}

interface Call {
  /** Method, and what follows the name in the path, with `:id` for its second part. */
  readonly route: string;
  readonly name: PlatformName;
  readonly id: string;
  readonly body: unknown;
}

async function toModel(platform: InMemoryPlatform, { route, name, id, body }: Call): Promise<Answer> {
  switch (route) {
    case 'PUT ': {
      const { metadata, spec } = body as AnomalyModelResource;
      await platform.putModel({ ...name, namespace: metadata.namespace }, spec);
      return ok(body);
    }
    case 'DELETE ':
      await platform.deleteModel(name);
      return { status: 204 };
    case 'PUT trainings/:id': {
      const update = body as TrainingRecordUpdate;
      if (update.state === 'running') return ok(await platform.beginTraining(name, id));
      return ok(await platform.failTraining(name, id, update.message));
    }
    case 'POST versions/prune':
      return ok(await platform.pruneVersions(name, (body as { keep: number }).keep));
    case 'PUT versions/:id/state': {
      const pool = (await platform.pools(name.namespace)).find(({ spec }) => spec.model === name.name);
      if (pool) await platform.setVersionState(pool, Number(id), (body as { state: VersionState }).state);
      return ok({});
    }
    default:
      return problem(404, route);
  }
}

async function toPool(
  platform: InMemoryPlatform,
  { route, name, body }: Call,
  ifMatch: string | undefined,
): Promise<Answer> {
  const revised = (answer: unknown): Answer =>
    answer === null ? problem(412, 'Somebody else wrote.') : ok(answer);
  const seen = (part: 'plan' | 'rollout') => {
    const pool = structuredClone(platform.pool(name.namespace, name.name));
    pool[part].revision = Number(/\d+/.exec(ifMatch ?? '')?.[0]);
    return pool;
  };
  switch (route) {
    case 'PUT ': {
      const { metadata, spec } = body as DetectorPoolResource;
      await platform.putPool({ ...name, namespace: metadata.namespace }, spec);
      return ok(body);
    }
    case 'DELETE ':
      await platform.withdrawPool(name);
      return { status: 204 };
    case 'PUT plan':
      return revised(await platform.writePlan(seen('plan'), (body as PlanUpdate).partitions));
    case 'PUT rollout':
      return revised(await platform.saveRollout(seen('rollout'), body as RolloutUpdate));
    default:
      return problem(404, route);
  }
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function problem(status: number, detail: string): Answer {
  return { status, body: { type: 'about:blank', title: 'The stand-in says no', status, detail } };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text === '' ? undefined : JSON.parse(text);
}
