import { HttpProblem } from '@verdict/process';
import {
  BlobStoreUnavailable,
  DatabaseUnavailable,
  InvalidPageToken,
  ModelTaken,
  StillInUse,
  TooManyCommands,
  TooManyWebhooks,
} from '@verdict/storage';
import { StreamUnavailable } from '@verdict/streams';

/** Errors of the parts below that are no bugs. */
export function problemOf(error: unknown): HttpProblem | null {
  if (error instanceof StreamUnavailable)
    return new HttpProblem(503, {
      detail: 'The event hub cannot be reached.',
      retryAfterSeconds: 2,
      cause: error,
    });
  if (error instanceof DatabaseUnavailable)
    return new HttpProblem(503, {
      detail: 'The database cannot be reached.',
      retryAfterSeconds: 2,
      cause: error,
    });
  if (error instanceof BlobStoreUnavailable)
    return new HttpProblem(503, {
      detail: 'The blob store cannot be reached.',
      retryAfterSeconds: 5,
      cause: error,
    });
  if (error instanceof InvalidPageToken)
    return new HttpProblem(400, {
      detail: `${error.message}.`,
      errors: [{ field: 'next', message: error.message }],
    });
  if (error instanceof TooManyCommands)
    return new HttpProblem(429, { detail: `${error.message}.`, retryAfterSeconds: 2, cause: error });
  if (error instanceof TooManyWebhooks) return new HttpProblem(409, { detail: `${error.message}.` });
  if (error instanceof StillInUse) return new HttpProblem(409, { detail: `Not deleted: ${error.message}.` });
  if (error instanceof ModelTaken) return new HttpProblem(409, { detail: 'Another pool serves this model.' });
  return null;
}
