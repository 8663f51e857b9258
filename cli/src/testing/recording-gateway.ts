import { createServer, type IncomingMessage } from 'node:http';
import {
  type Anomaly,
  type ApiKeyView,
  DataRequest,
  FeedbackRequest,
  type ModelView,
  type PoolView,
  type Reading,
  type SeriesView,
} from '@verdict/contracts';
import { type Answer, accept, problem } from './answer.ts';
import { answerDeadLetters, type DeadLetterRecord, deadLetterRecord } from './dead-letter-routes.ts';
import { answerFeedbackLoop, type FeedbackLoopRecord, feedbackLoopRecord } from './feedback-loop-routes.ts';
import { answerKeys } from './key-routes.ts';
import { answerWebhooks, type WebhookRecord, webhookRecord } from './webhook-routes.ts';

/** A small gateway that speaks the contracts and remembers what it accepted. */
export interface RecordingGateway extends FeedbackLoopRecord, WebhookRecord, DeadLetterRecord {
  url: string;
  /** Number of the newest refresh token: `refresh-1`, … */
  refreshTokens: number;
  /** Keys of producers. */
  keys: ApiKeyView[];
  /** Accepted readings in the order of their acceptance. */
  readings: Reading[];
  feedback: FeedbackRequest[];
  anomalies: Anomaly[];
  series: SeriesView[];
  models: ModelView[];
  pools: PoolView[];
  /** Runs once after the next request of a route, such as `POST /feedback`, before its answer. */
  next(route: string, happens: () => void): void;
  /** Paths with queries, as asked. */
  asked: string[];
  /** Answers the next requests of `POST /data` with these statuses, then normally. */
  failData(...statuses: number[]): void;
  /** Stops listening and cuts every connection; `restart` listens on the same port again. */
  stop(): Promise<void>;
  restart(): Promise<void>;
}

/** The only user: `ann` with the password `right`. */
export const gatewayUser = { username: 'ann', password: 'right' };

/** Starts it on a free port. */
export async function startRecordingGateway(): Promise<RecordingGateway> {
  const failures: number[] = [];
  const happenings = new Map<string, () => void>();
  const server = createServer(async (request, response) => {
    const { status, body } = await answer(request, gateway, failures);
    const route = `${request.method} ${request.url?.split('?')[0]}`;
    happenings.get(route)?.();
    happenings.delete(route);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const gateway: RecordingGateway = {
    url: `http://127.0.0.1:${address.port}`,
    refreshTokens: 0,
    keys: [],
    readings: [],
    feedback: [],
    anomalies: [],
    series: [],
    models: [],
    pools: [],
    ...feedbackLoopRecord(),
    ...webhookRecord(),
    ...deadLetterRecord(),
    next: (route, happens) => void happenings.set(route, happens),
    asked: [],
    failData: (...statuses) => void failures.push(...statuses),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    restart: () => listen(address.port),
  };
  return gateway;
}

function chosenPools(pools: readonly PoolView[], url: string): PoolView[] {
  const asked = new URL(url, 'http://gateway').searchParams;
  return pools.filter(
    (pool) =>
      (asked.get('name') ?? pool.name) === pool.name &&
      (asked.get('namespace') ?? pool.namespace) === pool.namespace,
  );
}

function tokenAnswer(refreshToken: string | undefined): Answer {
  const token = { access_token: 'token-of-ann', token_type: 'Bearer', expires_in: 900 };
  return {
    status: 200,
    body: refreshToken === undefined ? token : { ...token, refresh_token: refreshToken },
  };
}

async function answer(
  request: IncomingMessage,
  gateway: RecordingGateway,
  failures: number[],
): Promise<Answer> {
  let text = '';
  for await (const chunk of request) text += chunk;
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const route = `${request.method} ${request.url?.split('?')[0]}`;
  gateway.asked.push(request.url ?? '');
  if (route === 'POST /auth/token') {
    const { username, password, session } = body as { username: string; password: string; session?: string };
    const right = username === gatewayUser.username && password === gatewayUser.password;
    if (!right) return problem(401, 'wrong user name or password');
    return tokenAnswer(session === 'token' ? `refresh-${++gateway.refreshTokens}` : undefined);
  }
  if (route === 'POST /auth/refresh' || route === 'POST /auth/log-out') {
    const { refresh_token } = body as { refresh_token?: string };
    const isNewest = refresh_token === `refresh-${gateway.refreshTokens}`;
    if (route === 'POST /auth/log-out') return { status: 200, body: { ended: isNewest ? 1 : 0 } };
    return isNewest ? tokenAnswer(`refresh-${++gateway.refreshTokens}`) : problem(401, 'the log-in is over');
  }
  if (request.headers.authorization !== 'Bearer token-of-ann') return problem(401, 'no valid token');
  switch (route) {
    case 'POST /data': {
      const status = failures.shift();
      if (status !== undefined) return problem(status, 'not now');
      return accept(DataRequest, body, (data) => {
        gateway.readings.push(...data.readings);
        return { accepted: data.readings.length };
      });
    }
    case 'POST /feedback':
      return accept(FeedbackRequest, body, (feedback) => {
        gateway.feedback.push(feedback);
        return { feedbackId: '5d3cbf0e-7c1c-4e6e-9f5f-3f3f0a3b9a11' };
      });
    case 'GET /anomalies':
      return { status: 200, body: { items: gateway.anomalies, next: null, cursor: '1' } };
    case 'GET /series': {
      const counts = { scored: gateway.series.length, warming: 0, stale: 0, unassigned: 0, refused: 0 };
      return { status: 200, body: { counts, items: gateway.series, next: null, deadLetters: {} } };
    }
    case 'GET /models':
      return { status: 200, body: { items: gateway.models } };
    case 'GET /pools':
      return { status: 200, body: { items: chosenPools(gateway.pools, request.url ?? '') } };
    default:
      return (
        answerKeys(gateway.keys, route, body) ??
        answerWebhooks(gateway, route, body) ??
        answerDeadLetters(gateway, route, body) ??
        answerFeedbackLoop(gateway, route, body) ??
        problem(404, `no ${route}`)
      );
  }
}
