import type { IncomingMessage } from 'node:http';
import { KubeError, type StatusBody } from './kube-error.ts';

/** What an answer of the API server that is no success means. `asked` is what was wanted: `get Lease default/x`. */
export function answerError(asked: string, answer: IncomingMessage, text: string): KubeError {
  const status = answer.statusCode ?? 0;
  const body = statusBody(text);
  const reason = body?.reason ?? reasonOf(status);
  const said = body?.message ?? text.trim().slice(0, 300);
  const message = `${asked}: the API server answered ${status} ${reason}${said === '' ? '' : `: ${said}`}`;
  return new KubeError(message, { status, reason, body, retryAfterMs: retryAfter(answer, body) });
}

/** The same for the ERROR event of a watch, whose object is a Status. */
export function statusError(asked: string, body: StatusBody): KubeError {
  const status = body.code ?? 500;
  const reason = body.reason ?? reasonOf(status);
  const seconds = body.details?.retryAfterSeconds;
  const retryAfterMs = seconds === undefined ? undefined : seconds * 1000;
  const message = `${asked}: the API server ended it with ${status} ${reason}: ${body.message ?? ''}`;
  return new KubeError(message, { status, reason, body, retryAfterMs });
}

/** There was no answer, or it broke off. */
export function connectionError(asked: string, cause: unknown): KubeError {
  const said = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new KubeError(`${asked}: no answer from the API server: ${said}`, {
    status: 0,
    reason: 'Unreachable',
    cause,
  });
}

/** There was no answer in time. */
export function timeoutError(asked: string, afterMs: number): KubeError {
  return new KubeError(`${asked}: no answer from the API server within ${afterMs} ms`, {
    status: 0,
    reason: 'Timeout',
  });
}

function statusBody(text: string): StatusBody | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const body = JSON.parse(text) as { kind?: string } & StatusBody;
    return body.kind === 'Status' ? body : undefined;
  } catch {
    // A proxy's error page that only looks like JSON: the text itself goes into the message.
    return undefined;
  }
}

function retryAfter(answer: IncomingMessage, body: StatusBody | undefined): number | undefined {
  const seconds = Number(answer.headers['retry-after'] ?? body?.details?.retryAfterSeconds ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

const reasons: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function reasonOf(status: number): string {
  return reasons[status] ?? 'Unknown';
}
