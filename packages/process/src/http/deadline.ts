import type { Request } from 'express';
import { HttpProblem } from './http-problem.ts';

/**
 * Waits for `work` for at most `ms`; then throws 408 when the request itself has not come in whole, else 503. The work
 * goes on by itself, and `onLate` is told if it fails after all.
 */
export async function withinDeadline<Result>(
  work: Promise<Result>,
  { request, ms, onLate }: { request: Request; ms: number; onLate: (error: unknown) => void },
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      work.catch(onLate);
      reject(tooSlow(request, ms));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(request: Request, ms: number): HttpProblem {
  const headers = { Connection: 'close' };
  if (!request.complete)
    return new HttpProblem(408, { detail: `The body did not come within ${ms / 1000} s.`, headers });
  return new HttpProblem(503, {
    detail: `There was no answer within ${ms / 1000} s; it may still be done.`,
    retryAfterSeconds: 5,
    headers,
  });
}
