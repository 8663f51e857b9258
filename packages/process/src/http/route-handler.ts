import type { ProblemError } from '@verdict/contracts';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { authorize, type Verifiers } from './authorize.ts';
import { HttpProblem } from './http-problem.ts';
import { type JsonBody, jsonBodyReader } from './json-body.ts';
import { type RawAnswer, sendRaw, setProblemForm } from './raw-answer.ts';
import { readRawBody } from './raw-body.ts';
import { requestProblems } from './request-problems.ts';
import type { Route } from './route.ts';

const defaultMaxBodyBytes = 64 * 1024;
const noBody: JsonBody = { value: undefined, bytes: 0 };

/** The way of a request: token → role → body → validation → handler → answer. */
export function routeHandler(route: Route, verifiers: Verifiers): RequestHandler {
  const maxBodyBytes = route.maxBodyBytes ?? defaultMaxBodyBytes;
  const readBody = jsonBodyReader(maxBodyBytes);
  return async (request, response) => {
    const problemForm = route.raw?.problem;
    if (problemForm !== undefined)
      setProblemForm(response, (problem) => problemForm(problem, request.headers));
    const caller = await authorize(request.headers, route, verifiers);
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
          : validate(route, request, body.value);
      const answer = await route.handler({
        ...input,
        caller,
        headers: request.headers,
        address: request.socket.remoteAddress ?? '',
        bodyBytes: body.bytes,
        setHeader: (name, value) => {
          response.setHeader(name, typeof value === 'string' ? value : [...value]);
        },
      });
      if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
      if (route.raw !== undefined) sendRaw(response, answer as RawAnswer);
      else response.status(route.status ?? 200).json(answer);
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
  return { value: bytes, bytes: bytes.length };
}

function validate(
  route: Route,
  request: Request,
  body: unknown,
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
  const checkedBody = route.quickBody?.(body) ?? check(route.body, body);
  if (problems.length === 0) return { params, query, body: checkedBody };
  route.onInvalid?.({ errors: problems, body });
  throw new HttpProblem(400, {
    detail: `${problems[0]?.field || 'The request'}: ${problems[0]?.message}`,
    errors: problems,
  });
}
