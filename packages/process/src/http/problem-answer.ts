import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from '../logger.ts';
import { HttpProblem } from './http-problem.ts';
import { rawProblem, sendRaw } from './raw-answer.ts';

/** Turns an error of a part below into a problem; null when it is none that is expected. */
export type ProblemOf = (error: unknown) => HttpProblem | null;

/** The last error handler: everything leaves as problem+json, and what was not expected is logged. */
export function problemAnswer(logger: Logger, problemOf: ProblemOf): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = error instanceof HttpProblem ? error : (problemOf(error) ?? expressProblem(error));
    if (problem === null) {
      logger.error(
        { err: error, method: request.method, path: request.path },
        'a request failed unexpectedly',
      );
      sendProblem(
        response,
        new HttpProblem(500, { detail: 'This should not have happened; it was logged.' }),
      );
      return;
    }
    if (problem.status >= 500)
      logger.warn({ status: problem.status, path: request.path, err: problem.cause }, problem.message);
    sendProblem(response, problem);
  };
}

/** Sends a problem as RFC 9457 wants it, or in the form of its route. */
export function sendProblem(response: Response, problem: HttpProblem): void {
  const raw = rawProblem(response, problem);
  if (raw !== null) {
    sendRaw(response, raw);
    return;
  }
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.body()));
}

/** Errors that Express itself throws, such as for a path that cannot be decoded. */
function expressProblem(error: unknown): HttpProblem | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  const { status } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return null;
  return new HttpProblem(status, { detail: status === 404 ? 'There is nothing here.' : error.message });
}
