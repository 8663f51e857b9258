import { HttpProblem } from '@verdict/process';

const mayBeAheadMs = 300_000;
const longestMs = 86_400_000;

/**
 * @throws HttpProblem 400 when a stretch begins before 1970, which no event can say, lies in the future (by more than
 * 5 minutes), or is longer than a day.
 */
export function checkStretch(fromMs: number, toMs: number, nowMs: number): void {
  if (fromMs < 0) refuse('from', 'must not lie before 1970');
  if (toMs > nowMs + mayBeAheadMs) refuse('to', 'must not lie in the future');
  if (toMs - fromMs > longestMs) refuse('from', 'at most one day before to');
}

function refuse(field: string, message: string): never {
  throw new HttpProblem(400, { detail: `${field}: ${message}`, errors: [{ field, message }] });
}
