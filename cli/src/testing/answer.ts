import { problemErrors } from '@verdict/contracts';
import type { z } from 'zod';

/** What a gateway answers to a request. */
export interface Answer {
  status: number;
  body: unknown;
}

/** Answers 202 with what `keep` gives, or 400 for a body that does not fit. */
export function accept<T>(schema: z.ZodType<T>, body: unknown, keep: (data: T) => unknown): Answer {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { status: 202, body: keep(parsed.data) };
  return {
    status: 400,
    body: { type: 'about:blank', title: 'Bad request', status: 400, errors: problemErrors(parsed.error) },
  };
}

/** A problem with one sentence. */
export function problem(status: number, detail: string): Answer {
  return { status, body: { type: 'about:blank', title: detail, status, detail } };
}
