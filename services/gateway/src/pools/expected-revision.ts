import { HttpProblem } from '@verdict/process';
import { z } from 'zod';

/** The header, as the documentation shows it. */
export const ifMatchHeader = z.object({
  'If-Match': z.string().meta({ description: 'The revision in quotes', example: '"3"' }),
});

/** The revision that `If-Match` names. @throws HttpProblem 428 without the header, 400 when it is no revision. */
export function expectedRevision(header: string | undefined): number {
  if (header === undefined)
    throw new HttpProblem(428, { detail: 'The header If-Match must name the revision that is replaced.' });
  const revision = /^"?(\d{1,9})"?$/.exec(header.trim())?.[1];
  if (revision === undefined)
    throw new HttpProblem(400, {
      detail: 'The header If-Match must be a revision in quotes, such as "3".',
      errors: [{ field: 'If-Match', message: 'a revision in quotes' }],
    });
  return Number(revision);
}
