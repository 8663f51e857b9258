import { Problem } from '@verdict/contracts';
import type { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Route } from './route.ts';

/** Makes the OpenAPI 3.1 document of a process from its routes. */
export function openApiDocument(options: {
  title: string;
  version: string;
  description: string;
  routes: readonly Route[];
}): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of options.routes)
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return createDocument({
    openapi: '3.1.0',
    info: { title: options.title, version: options.version, description: options.description },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const status = route.status ?? 200;
  const problems = { ...ownProblems(route), ...route.problems };
  const access = route.roles === 'public' ? 'Needs no token.' : `Roles: ${route.roles.join(', ')}.`;
  return {
    summary: route.summary,
    description: [route.description, access].filter((text) => text !== undefined).join('\n\n'),
    ...(route.tag === undefined ? {} : { tags: [route.tag] }),
    ...(route.roles === 'public'
      ? {}
      : { security: [{ bearer: [] }, ...(route.apiKeys === true ? [{ apiKey: [] }] : [])] }),
    requestParams: {
      ...(route.params === undefined ? {} : { path: route.params as z.ZodObject }),
      ...(route.query === undefined ? {} : { query: route.query as z.ZodObject }),
      ...(route.headers === undefined ? {} : { header: route.headers as z.ZodObject }),
    },
    ...requestBody(route),
    responses: {
      [status]: { description: 'Done', ...answerContent(route, status) },
      ...Object.fromEntries(
        Object.entries(problems).map(([code, description]) => [
          code,
          { description, content: { 'application/problem+json': { schema: Problem } } },
        ]),
      ),
    },
  } as ZodOpenApiOperationObject;
}

function requestBody(route: Route): object {
  if (route.raw !== undefined) {
    const bytes = { schema: { type: 'string', format: 'binary' } };
    const content = Object.fromEntries(route.raw.contentTypes.map((type) => [type, bytes]));
    return { requestBody: { required: true, content } };
  }
  if (route.body === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } };
}

function answerContent(route: Route, status: number): object {
  return status === 204 ? {} : { content: { 'application/json': { schema: route.response } } };
}

function ownProblems(route: Route): Record<number, string> {
  const problems: Record<number, string> = {};
  if (route.params ?? route.query ?? route.body ?? route.raw)
    problems[400] = 'The request does not fit; `errors` names each field.';
  if (route.roles !== 'public') {
    problems[401] = 'No good token.';
    problems[403] = 'The role is missing, or the request comes from a foreign origin.';
  }
  problems[429] = 'Too many requests; see Retry-After.';
  problems[421] = 'This host name is not served here.';
  problems[503] = 'A part behind it cannot be reached now; see Retry-After.';
  if (route.body !== undefined || route.raw !== undefined) {
    problems[408] = 'The body did not come in time.';
    problems[413] = 'The body is too large.';
    problems[415] =
      route.raw === undefined ? 'The body is not JSON.' : 'The content type or encoding is not taken.';
  }
  return problems;
}
