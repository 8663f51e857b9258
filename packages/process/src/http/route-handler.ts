import type { ProblemError } from '@verdict/contracts';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Logger } from '../logger.ts';
import { authorize, type Verifiers } from './authorize.ts';
import { withinDeadline } from './deadline.ts';
import { edgeLimits } from './edge-limits.ts';
import { HttpProblem } from './http-problem.ts';
import { assertShallow, type JsonBody, jsonBodyReader } from './json-body.ts';
import type { RateLimits } from './rate-limits.ts';
import { type RawAnswer, sendRaw, setProblemForm } from './raw-answer.ts';
import { readRawBody } from './raw-body.ts';
import { requestProblems } from './request-problems.ts';
import type { Route } from './route.ts';

const noBody: JsonBody = { value: undefined, bytes: 0, text: '' };

/** What routes are answered with. */
export interface RouteParts extends Verifiers {
  readonly rateLimits?: RateLimits | undefined;
  readonly logger: Logger;
}

/** The way of a request: limits → token → role → body → validation → handler → answer, within the route's deadline. */
export function routeHandler(
  route: Route,
  parts: RouteParts,
): (request: Request, response: Response) => Promise<void> {
  const ms = route.deadlineMs ?? edgeLimits.answerMs;
  const prepare = answerMaker(route, parts);
  const onLate = (error: unknown): void =>
    parts.logger.warn({ err: error, path: route.path }, 'a request failed after its deadline');
  return async (request, response) => {
    const answer = await withinDeadline(prepare(request, response), { request, ms, onLate });
    if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
    if (route.raw !== undefined) sendRaw(response, answer as RawAnswer);
    else response.status(route.status ?? 200).json(answer);
  };
}

/** Makes what a request is answered with, and sends nothing. */
function answerMaker(route: Route, parts: RouteParts) {
  const maxBodyBytes = route.maxBodyBytes ?? edgeLimits.bodyBytes;
  const readBody = jsonBodyReader(maxBodyBytes);
  return async (request: Request, response: Response): Promise<unknown> => {
    const problemForm = route.raw?.problem;
    if (problemForm !== undefined)
      setProblemForm(response, (problem) => problemForm(problem, request.headers));
    const address = request.ip ?? '';
    await parts.rateLimits?.countAddress(address, route);
    const caller = await authorize(request.headers, route, parts);
    if (caller !== null) await parts.rateLimits?.countCaller(caller, route);
    const release = route.admit?.(bytesAtMost(request, maxBodyBytes, route.raw !== undefined));
    try {
      const body =
        route.raw !== undefined
          ? await readRaw(request, route.raw.contentTypes, maxBodyBytes)
          : route.body === undefined
            ? noBody
            : await readBody(request, response);
      const input =
        route.raw !== undefined
          ? { params: undefined, query: undefined, body: body.value }
          : validate(route, request, body);
      return await route.handler({
        ...input,
        caller,
        headers: request.headers,
        address,
        bodyBytes: body.bytes,
        setHeader: (name, value) => {
          // Nobody hears it after the deadline.
          if (!response.headersSent) response.setHeader(name, typeof value === 'string' ? value : [...value]);
        },
      });
    } finally {
      release?.();
    }
  };
}

/**
 * What a body may take in memory: its declared length, or the limit when it has none or is compressed (unless it is
 * kept so).
 */
function bytesAtMost(request: Request, maxBytes: number, keptAsSent: boolean): number {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  const grows = !keptAsSent && request.headers['content-encoding'] !== undefined;
  return !Number.isFinite(declared) || grows ? maxBytes : Math.min(declared, maxBytes);
}

async function readRaw(
  request: Request,
  contentTypes: readonly string[],
  maxBytes: number,
): Promise<JsonBody> {
  if (!request.is([...contentTypes]))
    throw new HttpProblem(415, { detail: `The body must be sent as ${contentTypes.join(' or ')}.` });
  const bytes = await readRawBody(request, maxBytes);
  return { value: bytes, bytes: bytes.length, text: '' };
}

function validate(
  route: Route,
  request: Request,
  { value: body, text }: JsonBody,
): { params: unknown; query: unknown; body: unknown } {
  const problems: ProblemError[] = [];
  const check = (schema: z.ZodType | undefined, value: unknown): unknown => {
    if (schema === undefined) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    problems.push(...requestProblems(result.error));
    return undefined;
  };
  const params = check(route.params, { ...request.params });
  const query = check(route.query, { ...request.query });
  // What has the shape that the quick way knows is not deep; finding that out takes as long as parsing it.
  const quick = route.quickBody?.(body) ?? null;
  if (quick === null) assertShallow(text);
  const checkedBody = quick ?? check(route.body, body);
  if (problems.length === 0) return { params, query, body: checkedBody };
  route.onInvalid?.({ errors: problems, body });
  throw new HttpProblem(400, {
    detail: `${problems[0]?.field || 'The request'}: ${problems[0]?.message}`,
    errors: problems,
  });
}
