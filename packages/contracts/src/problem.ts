import { z } from 'zod';

/** One thing wrong with a request. */
export const ProblemError = z.object({
  /** Where, as a path such as `readings[3].values.cpu`. */
  field: z.string(),
  /** What is wrong and what would be right. */
  message: z.string(),
});
export type ProblemError = z.infer<typeof ProblemError>;

/** RFC 9457 problem details, sent as `application/problem+json` with every error. */
export const Problem = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  /** Each field that is wrong; at most 100 are listed. */
  errors: z.array(ProblemError).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Writes a Zod path as people write it: `readings[3].values.cpu`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path)
    text += typeof part === 'number' ? `[${part}]` : text === '' ? String(part) : `.${String(part)}`;
  return text;
}

/** Turns Zod's issues into problem errors, at most `limit` of them. */
export function problemErrors(error: z.ZodError, limit = 100): ProblemError[] {
  return error.issues
    .slice(0, limit)
    .map((issue) => ({ field: fieldPath(issue.path), message: issue.message }));
}
