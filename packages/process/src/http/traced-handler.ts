import type { RequestHandler } from 'express';
import type { Tracing } from '../tracing/tracing.ts';
import { HttpProblem } from './http-problem.ts';
import type { Route } from './route.ts';

/**
 * A route whose requests are spans, in the trace that the caller began if it says so (W3C `traceparent`). Attributes are
 * named by OpenTelemetry's conventions for HTTP servers; what the caller did wrong is no error of ours.
 */
export function tracedHandler(route: Route, handle: RequestHandler, tracing: Tracing): RequestHandler {
  if (!tracing.on) return handle;
  const method = route.method.toUpperCase();
  const attributes = { 'http.request.method': method, 'http.route': route.path };
  return async (request, response, next) => {
    const parent = request.header('traceparent') ?? null;
    const options = { kind: 'server', attributes, parent } as const;
    const refusal = await tracing.span(`${method} ${route.path}`, options, async (span) => {
      try {
        await handle(request, response, next);
        span.set({ 'http.response.status_code': response.statusCode });
        return null;
      } catch (error) {
        const status = error instanceof HttpProblem ? error.status : 500;
        span.set({ 'http.response.status_code': status });
        if (status >= 500) throw error;
        return error;
      }
    });
    if (refusal !== null) throw refusal;
  };
}
