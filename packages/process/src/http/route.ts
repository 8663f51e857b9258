import type { IncomingHttpHeaders } from 'node:http';
import type { ProblemError, Role } from '@verdict/contracts';
import type { z } from 'zod';
import type { Caller } from './caller.ts';
import type { RawAnswer, RawProblem } from './raw-answer.ts';

/**
 * Who may use a route: everybody, or callers with at least one of these roles. `admin` may do all that people may do:
 * everything but what is for the role `service` alone.
 */
export type Access = 'public' | readonly Role[];

/** All roles: every caller with a valid token. */
export const anyRole: readonly Role[] = ['viewer', 'reporter', 'analyst', 'ingest', 'service', 'admin'];

/** A validated request, as a handler gets it. */
export interface RouteRequest<Params, Query, Body, Who> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly caller: Who;
  readonly headers: IncomingHttpHeaders;
  /** Address of the client: of the peer, or what a trusted proxy says of it. */
  readonly address: string;
  /** Bytes of the body as sent (uncompressed). */
  readonly bodyBytes: number;
  setHeader(name: string, value: string | readonly string[]): void;
}

/** A route of the REST API; the same schemas validate and document. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As OpenAPI writes it: `/series/{key}/history`. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly tag?: string;
  readonly roles: Access;
  /** Keys of producers are taken too; the handler must keep to the caller's `seriesPrefix`. No route takes them otherwise. */
  readonly apiKeys?: boolean;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /**
   * A faster way to the same: the validated body, or null to ask the schema. For bodies of thousands of small things, for
   * which a schema takes longer than everything else.
   */
  quickBody?(value: unknown): unknown;
  /**
   * For a protocol that is not ours: these content types are taken, the handler gets the bytes as they came (still
   * compressed, at most `maxBodyBytes`) and gives a `RawAnswer`. See `defineRawRoute`.
   */
  readonly raw?: { readonly contentTypes: readonly string[]; readonly problem?: RawProblem };
  /** Headers that the handler reads, for the documentation only. */
  readonly headers?: z.ZodType;
  readonly response: z.ZodType;
  /** Status of success; default 200. */
  readonly status?: number;
  /** Problems of its own that it may answer, for the documentation: status → when. */
  readonly problems?: Readonly<Record<number, string>>;
  /** Largest body taken, bytes; default `edgeLimits.bodyBytes`. */
  readonly maxBodyBytes?: number;
  /** Time until the answer, its body included, milliseconds; default `edgeLimits.answerMs`. */
  readonly deadlineMs?: number;
  /**
   * How often it may be used: so many requests per minute of one caller (of one address where no token is needed);
   * `ingest` = it takes readings, and is counted apart. Without it only what holds for all routes together does.
   */
  readonly ratePerMinute?: number | 'ingest';
  /**
   * Called before a body is read, with the bytes that it may take at most; throws a 429 `HttpProblem` when there
   * is no room, else returns what gives the room back when the request is over.
   */
  admit?(bytes: number): () => void;
  /** Told about a request that did not validate, before the 400 is sent. */
  onInvalid?(refusal: { readonly errors: readonly ProblemError[]; readonly body: unknown }): void;
  handler(request: RouteRequest<unknown, unknown, unknown, Caller | null>): Promise<unknown>;
}

interface RouteOf<
  Roles extends Access,
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Response extends z.ZodType,
> extends Omit<Route, 'roles' | 'params' | 'query' | 'body' | 'quickBody' | 'response' | 'handler'> {
  readonly roles: Roles;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  quickBody?(value: unknown): z.output<Body> | null;
  readonly response: Response;
  handler(
    request: RouteRequest<
      z.output<Params>,
      z.output<Query>,
      z.output<Body>,
      Roles extends 'public' ? null : Caller
    >,
  ): Promise<z.input<Response>>;
}

/**
 * Declares a route; the handler's request and answer are typed from the schemas. A handler throws `HttpProblem`
 * for an answer that is not a success; any other error is a 500.
 */
export function defineRoute<
  const Roles extends Access,
  Response extends z.ZodType,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(route: RouteOf<Roles, Params, Query, Body, Response>): Route {
  return route;
}

interface RawRoute
  extends Omit<Route, 'params' | 'query' | 'body' | 'raw' | 'onInvalid' | 'response' | 'handler'> {
  readonly roles: readonly Role[];
  readonly raw: NonNullable<Route['raw']>;
  /** What a success is answered with, for the documentation. */
  readonly response: z.ZodType;
  handler(request: RouteRequest<undefined, undefined, Uint8Array, Caller>): Promise<RawAnswer>;
}

/**
 * Declares a route of a protocol that is not ours: the handler gets the bytes of the body as they came and answers
 * in a form of its own; problems are written by `raw.problem`, or as problem+json without it.
 */
export function defineRawRoute(route: RawRoute): Route {
  const { handler, ...rest } = route;
  return { ...rest, handler: (request) => handler(request as Parameters<typeof handler>[0]) };
}
