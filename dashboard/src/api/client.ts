import { Problem } from '@verdict/contracts';
import type { z } from 'zod';
import type { SessionStore } from '../lib/session-store.ts';
import { formatQuery } from '../lib/url-state.ts';

const timeoutMs = 20_000;

/** The gateway answered with a problem, or with something this page does not understand. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** The gateway could not be reached, or did not answer in time. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** What the pages ask the gateway with. Every answer is checked against its contract. */
export interface ApiClient {
  get<S extends z.ZodType>(
    path: string,
    request: { answer: S; query?: Record<string, unknown>; signal?: AbortSignal },
  ): Promise<z.output<S>>;
  /** `query` goes into the address, as with `get`. */
  post<S extends z.ZodType>(
    path: string,
    request: { answer: S; body: unknown; query?: Record<string, unknown> },
  ): Promise<z.output<S>>;
  delete<S extends z.ZodType>(path: string, request: { answer: S }): Promise<z.output<S>>;
}

async function problemOf(response: Response): Promise<Problem> {
  const title = response.statusText || `HTTP ${response.status}`;
  const plain: Problem = { type: 'about:blank', title, status: response.status };
  if (!(response.headers.get('content-type') ?? '').includes('json')) return plain;
  const read = Problem.safeParse(await response.json().catch(() => null));
  return read.success ? read.data : plain;
}

/** Makes the client. After a 401 the token is renewed and the request sent once more. */
export function createApiClient(parts: { session: SessionStore; fetch: typeof fetch }): ApiClient {
  async function send<S extends z.ZodType>(
    path: string,
    request: { answer: S; init: RequestInit; signal?: AbortSignal },
  ): Promise<z.output<S>> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([timeout, request.signal]);
    async function sendWith(token: string | null): Promise<Response> {
      const headers = new Headers(request.init.headers);
      if (token !== null) headers.set('authorization', `Bearer ${token}`);
      try {
        return await parts.fetch(path, { ...request.init, headers, signal });
      } catch (cause) {
        if (request.signal?.aborted) throw cause;
        const why = timeout.aborted
          ? `no answer within ${timeoutMs / 1000} s`
          : 'the gateway cannot be reached';
        throw new Unreachable(why, { cause });
      }
    }
    const token = await parts.session.fresh();
    let response = await sendWith(token);
    // A request that was refused was not carried out: whatever it is, it may be sent again.
    if (response.status === 401 && token !== null) {
      const other = await parts.session.refused(token);
      if (other !== null) response = await sendWith(other);
    }
    if (!response.ok) throw new ApiError(await problemOf(response));
    const read = request.answer.safeParse(await response.json());
    if (!read.success) {
      const title = 'The answer is not what this page understands';
      const errors = read.error.issues
        .slice(0, 5)
        .map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
      throw new ApiError({ type: 'about:blank', title, status: response.status, errors });
    }
    return read.data;
  }
  return {
    get: (path, { answer, query, signal }) =>
      send(path + formatQuery(query ?? {}), {
        answer,
        init: { headers: { accept: 'application/json' } },
        signal,
      }),
    post: (path, { answer, body, query }) =>
      send(path + formatQuery(query ?? {}), {
        answer,
        init: { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
      }),
    delete: (path, { answer }) =>
      send(path, { answer, init: { method: 'DELETE', headers: { accept: 'application/json' } } }),
  };
}

/** True for errors that asking again may cure. */
export function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof ApiError && error.problem.status >= 500);
}
