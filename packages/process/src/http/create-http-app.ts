import express, { type Express, type RequestHandler, type Router } from 'express';
import helmet from 'helmet';
import type { Registry } from 'prom-client';
import type { Logger } from '../logger.ts';
import { noTracing, type Tracing } from '../tracing/tracing.ts';
import type { VerifyToken } from './caller.ts';
import { corsAnswer } from './cors-answer.ts';
import { docsPages } from './docs-pages.ts';
import type { HostGuard } from './host-guard.ts';
import { HttpProblem } from './http-problem.ts';
import { openApiDocument } from './open-api-document.ts';
import { type ProblemOf, problemAnswer } from './problem-answer.ts';
import type { RateLimits } from './rate-limits.ts';
import { type HealthChecks, readiness } from './readiness.ts';
import { requestMetrics } from './request-metrics.ts';
import { requestShape } from './request-shape.ts';
import type { Route } from './route.ts';
import { routeHandler } from './route-handler.ts';
import { tracedHandler } from './traced-handler.ts';

/** What an HTTP edge is made of. */
export interface HttpAppOptions {
  /** Title of the documentation, such as `Verdict gateway`. */
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly routes: readonly Route[];
  readonly verifyToken: VerifyToken;
  /** Checks keys of producers, for routes that take them. */
  readonly verifyApiKey?: VerifyToken;
  readonly metrics: Registry;
  readonly logger: Logger;
  /** What `/readyz` checks; `/healthz` only says that the process answers. */
  readonly health?: HealthChecks;
  /** Hosts and origins that are answered; without one every host is. */
  readonly guard?: HostGuard;
  /** Origins of pages elsewhere that may read answers (`https://example.org`); none without it. The guard must let them in. */
  readonly corsOrigins?: readonly string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed; none without it. */
  readonly trustedProxies?: readonly string[];
  /** How many requests are let in; any number without it. */
  readonly rateLimits?: RateLimits;
  /** Turns errors of the parts below (hub gone, database gone) into problems. */
  readonly problemOf?: ProblemOf;
  /** Where requests are traced. */
  readonly tracing?: Tracing;
  /** Further pages, behind the routes (the dashboard's files). */
  readonly pages?: Router;
}

/**
 * Makes the HTTP edge of a process: routes with authentication, validation and problem+json, `/openapi.json`,
 * `/docs`, `/metrics`, `/healthz`, `/readyz` (these five need no token: they say nothing about anybody's data,
 * and processes listen on loopback or inside the cluster).
 */
export function createHttpApp(options: HttpAppOptions): Express {
  const { guard, logger, metrics, routes } = options;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', [...(options.trustedProxies ?? [])]);
  app.use(observer(metrics));
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: pageSources }, hsts: false }));
  app.use(requestShape);
  if (guard !== undefined) app.use(guardHandler(guard));
  app.use(corsAnswer(options.corsOrigins ?? []));

  const ready = readiness(options.health ?? {});
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    const answer = await ready();
    response.status(answer.ready ? 200 : 503).json(answer);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.metrics());
  });
  const document = openApiDocument({
    title: options.name,
    version: options.version ?? '0.1.0',
    description: options.description ?? '',
    routes,
  });
  app.use(docsPages(options.name, document));
  for (const route of routes)
    app[route.method](
      route.path.replace(/\{(\w+)\}/g, ':$1'),
      tracedHandler(route, routeHandler(route, options), options.tracing ?? noTracing),
    );
  const { rateLimits } = options;
  if (rateLimits !== undefined)
    app.use(async (request, _response, next) => {
      await rateLimits.countAddress(request.ip ?? '', null);
      next();
    });
  if (options.pages !== undefined) app.use(options.pages);
  app.use((request, response) => {
    const known = routes.filter((route) => pathMatches(route.path, request.path));
    if (known.length === 0) throw new HttpProblem(404, { detail: 'There is nothing here.' });
    response.setHeader('Allow', known.map((route) => route.method.toUpperCase()).join(', '));
    throw new HttpProblem(405, { detail: `${request.method} is not possible here.` });
  });
  app.use(problemAnswer(logger, options.problemOf ?? (() => null)));
  return app;
}

/** Only files of our own origin: nothing inline, neither scripts nor styles. `'self'` covers the WebSocket too. */
const pageSources = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

function observer(registry: Registry): RequestHandler {
  const measured = requestMetrics(registry);
  return (request, response, next) => {
    const startedMs = performance.now();
    response.once('close', () => {
      const route = typeof request.route?.path === 'string' ? request.route.path : 'other';
      const seconds = (performance.now() - startedMs) / 1000;
      measured.observe({ method: request.method, route, status: response.statusCode, seconds });
    });
    next();
  };
}

function guardHandler(guard: HostGuard): RequestHandler {
  return (request, _response, next) => {
    if (!guard.hostAllowed(request.headers.host))
      throw new HttpProblem(421, { detail: 'This host name is not served here (VERDICT_ALLOWED_HOSTS).' });
    if (!guard.originAllowed(request.headers.origin))
      throw new HttpProblem(403, { detail: 'Requests from this origin are not answered.' });
    next();
  };
}

function pathMatches(template: string, path: string): boolean {
  const source = template.replace(/[.\\+*?^$()[\]|]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${source}/?$`).test(path);
}
