import express, { type Request, type Response } from 'express';
import { HttpProblem } from './http-problem.ts';

/** A body as read: the JSON value and its size in bytes (uncompressed). */
export interface JsonBody {
  readonly value: unknown;
  readonly bytes: number;
}

/**
 * Makes the reader of JSON bodies of at most `maxBytes` (after decompression). Problems: 415 for another content
 * type, charset or encoding, 413 for too many bytes, 400 for what is not JSON or carries `__proto__` keys.
 */
export function jsonBodyReader(
  maxBytes: number,
): (request: Request, response: Response) => Promise<JsonBody> {
  const readText = express.text({ type: () => true, limit: maxBytes, defaultCharset: 'utf-8' });
  return async (request, response) => {
    if (!request.is('application/json'))
      throw new HttpProblem(415, { detail: 'The body must be sent as application/json.' });
    await new Promise<void>((resolve, reject) =>
      readText(request, response, (error?: unknown) =>
        error ? reject(bodyProblem(error, maxBytes)) : resolve(),
      ),
    );
    const text: unknown = request.body;
    if (typeof text !== 'string') throw new HttpProblem(400, { detail: 'A body is needed.' });
    return { value: parseJson(text), bytes: Buffer.byteLength(text) };
  };
}

function bodyProblem(error: unknown, maxBytes: number): unknown {
  const type = error instanceof Error && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large':
      return new HttpProblem(413, { detail: `At most ${maxBytes} bytes are taken in one request.` });
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new HttpProblem(415, {
        detail: error instanceof Error ? error.message : 'unsupported encoding',
      });
    case 'request.aborted':
    case 'request.size.invalid':
      return new HttpProblem(400, { detail: 'The body ended early.' });
    default:
      // zlib reports a broken gzip body with a code of its own.
      return error instanceof Error && 'status' in error && error.status === 400
        ? new HttpProblem(400, { detail: 'The body cannot be read.' })
        : error;
  }
}

/** Parses JSON; throws a 400 `HttpProblem`. */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new HttpProblem(400, { detail: `The body is not JSON: ${reason.slice(0, 200)}` });
  }
  // Zod drops `__proto__` keys of records without a word; a reading must never be dropped in silence.
  if (/__proto__|\\u005f/i.test(text) && hasProtoKey(value))
    throw new HttpProblem(400, { detail: 'The key "__proto__" is not taken.' });
  return value;
}

/** Walks without recursion: a deeply nested body must not overflow the stack. */
function hasProtoKey(root: unknown): boolean {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const child of Object.values(value)) if (typeof child === 'object') pending.push(child);
  }
  return false;
}
