import type { ProblemError } from '@verdict/contracts';
import type { Request, RequestHandler } from 'express';
import type { z } from 'zod';
import { authorize } from './authorize.ts';
import type { VerifyToken } from './caller.ts';
import { HttpProblem } from './http-problem.ts';
import { type JsonBody, jsonBodyReader } from './json-body.ts';
import { requestProblems } from './request-problems.ts';
import type { Route } from './route.ts';

const defaultMaxBodyBytes = 64 * 1024;
const noBody: JsonBody = { value: undefined, bytes: 0 };

/** The way of a request: token → role → body → validation → handler → answer. */
export function routeHandler(route: Route, verifyToken: VerifyToken): RequestHandler {
  const readBody = jsonBodyReader(route.maxBodyBytes ?? defaultMaxBodyBytes);
  return async (request, response) => {
    const caller = await authorize(request.headers.authorization, route.roles, verifyToken);
    const release = route.admit?.(bytesAtMost(request, route.maxBodyBytes ?? defaultMaxBodyBytes));
    try {
      const body = route.body === undefined ? noBody : await readBody(request, response);
      const input = validate(route, request, body.value);
      const answer = await route.handler({
        ...input,
        caller,
        headers: request.headers,
        address: request.socket.remoteAddress ?? '',
        bodyBytes: body.bytes,
        setHeader: (name, value) => {
          response.setHeader(name, value);
        },
      });
      if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
      response.status(route.status ?? 200).json(answer);
    } finally {
      release?.();
    }
  };
}

/** What a body may take in memory: its declared length, or the limit when it is compressed or has none. */
function bytesAtMost(request: Request, maxBytes: number): number {
  const declared = Number(request.headers['content-length'] ?? Number.NaN);
  if (!Number.isFinite(declared) || request.headers['content-encoding'] !== undefined) return maxBytes;
  return Math.min(declared, maxBytes);
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
