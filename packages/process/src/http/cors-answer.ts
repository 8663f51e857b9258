import type { RequestHandler } from 'express';

const methods = 'GET, POST, PUT, DELETE';
const headers = 'Authorization, Content-Type, If-Match, X-API-Key, traceparent, tracestate';
const shown = 'ETag, Retry-After';
/** How long a browser may remember the answer. */
const rememberedSeconds = 600;

/**
 * Lets pages of these origins (`https://example.org`) read answers. They send tokens, never cookies: no credentials
 * are allowed. Browsers ask first with OPTIONS, which is answered here; pages of other origins get no header at all.
 */
export function corsAnswer(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (request, response, next) => {
    response.vary('Origin');
    const { origin } = request.headers;
    if (origin === undefined || !allowed.has(origin)) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', shown);
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      next();
      return;
    }
    response.setHeader('Access-Control-Allow-Methods', methods);
    response.setHeader('Access-Control-Allow-Headers', headers);
    response.setHeader('Access-Control-Max-Age', String(rememberedSeconds));
    response.status(204).end();
  };
}
