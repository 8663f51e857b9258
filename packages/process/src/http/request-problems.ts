import { fieldPath, type ProblemError } from '@verdict/contracts';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/**
 * Turns Zod's issues into problem errors that name the exact field: unknown keys one by one, a union by what its
 * members wanted, a bad record key by what is wrong with it. At most `limit`.
 */
export function requestProblems(error: z.ZodError, limit = 100): ProblemError[] {
  const problems: ProblemError[] = [];
  for (const issue of error.issues) {
    if (problems.length >= limit) break;
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys.slice(0, limit - problems.length))
        problems.push({ field: fieldPath([...issue.path, key]).slice(0, 300), message: 'unknown field' });
    else problems.push({ field: fieldPath(issue.path).slice(0, 300), message: messageOf(issue) });
  }
  return problems;
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_union') {
    const wanted = new Set(issue.errors.map((member) => member[0]?.message ?? issue.message));
    return [...wanted].join(', or ') || issue.message;
  }
  if (issue.code === 'invalid_key') return `bad name: ${issue.issues[0]?.message ?? issue.message}`;
  return issue.message;
}
