import type { IncomingHttpHeaders } from 'node:http';
import type { Response } from 'express';
import type { HttpProblem } from './http-problem.ts';

/** An answer in a form of its own. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Without one there is no body. */
  readonly contentType?: string;
  readonly body?: Uint8Array | string;
}

/** How a problem is written to who speaks another protocol than JSON. */
export type RawProblem = (problem: HttpProblem, headers: IncomingHttpHeaders) => RawAnswer;

/** Sends an answer as it is. */
export function sendRaw(response: Response, { status, headers = {}, contentType, body }: RawAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (contentType !== undefined) response.setHeader('Content-Type', contentType);
  response.status(status).end(body);
}

const forms = new WeakMap<Response, (problem: HttpProblem) => RawAnswer>();

/** Says how the problems of a request are written, whoever finds them. */
export function setProblemForm(response: Response, form: (problem: HttpProblem) => RawAnswer): void {
  forms.set(response, form);
}

/** A problem in the form that was set; null = as problem+json. */
export function rawProblem(response: Response, problem: HttpProblem): RawAnswer | null {
  const answer = forms.get(response)?.(problem);
  return answer === undefined ? null : { ...answer, headers: { ...problem.headers, ...answer.headers } };
}
