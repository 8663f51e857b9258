import { fieldPath } from '@verdict/contracts';
import express, { type Request, type Response } from 'express';
import { edgeLimits } from './edge-limits.ts';
import { HttpProblem } from './http-problem.ts';
import { isDeeperThan } from './json-depth.ts';

/** A body as read: the JSON value and its size in bytes (uncompressed). */
export interface JsonBody {
  readonly value: unknown;
  readonly bytes: number;
  /** What was parsed; empty when there was no JSON. */
  readonly text: string;
}

/**
 * Makes the reader of JSON bodies of at most `maxBytes` (after decompression). Problems: 415 for another content
 * type, charset or encoding, 413 for too many bytes, 400 for what is not JSON, carries
 * `__proto__` keys, or text that no database holds. How deep it is nested is for {@link assertShallow} to say.
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
    return { value: parseJson(text), bytes: Buffer.byteLength(text), text };
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

/** Throws a 400 `HttpProblem` for JSON whose objects and lists lie too deep within each other. */
export function assertShallow(text: string): void {
  if (isDeeperThan(text, edgeLimits.jsonDepth))
    throw new HttpProblem(400, {
      detail: `The body is nested deeper than the ${edgeLimits.jsonDepth} levels that are taken.`,
    });
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
  // Zod drops `__proto__` keys of records without a word; a reading must never be dropped in silence. The database
  // holds neither U+0000 nor half a surrogate pair; JSON can write both as escapes only.
  // Most texts have no escape at all, and looking for one is quick.
  if (text.includes('__proto__') || (text.includes('\\u') && /\\u(?:005f|0000|d[89a-f])/i.test(text)))
    refuseUnkeepable(value);
  return value;
}

/** Throws a 400 that names the place. Walks without recursion: a deeply nested body must not overflow the stack. */
function refuseUnkeepable(root: unknown): void {
  const pending: Place[] = [{ value: root, key: '', parent: null }];
  while (pending.length > 0) {
    const parent = pending.pop();
    if (parent === undefined) return;
    const inArray = Array.isArray(parent.value);
    for (const [name, value] of typeof parent.value === 'object' ? Object.entries(parent.value ?? {}) : []) {
      const place = { value, key: inArray ? Number(name) : name, parent };
      const message = textProblem(name) ?? (typeof value === 'string' ? textProblem(value) : null);
      if (message !== null) throw unkeepable(place, message);
      if (name === '__proto__') throw unkeepable(place, 'this key is not taken');
      if (typeof value === 'object' && value !== null) pending.push(place);
    }
  }
}

/** A value in a body and where it stands. */
interface Place {
  readonly value: unknown;
  readonly key: string | number;
  /** null for the body itself. */
  readonly parent: Place | null;
}

function textProblem(text: string): string | null {
  if (text.includes('\0')) return 'the character U+0000 is not taken';
  return text.isWellFormed() ? null : 'half a surrogate pair is no text';
}

/** Of a place deeper than this only the end of the path is named. */
const deepestNamed = 20;

function unkeepable(place: Place, message: string): HttpProblem {
  const path: (string | number)[] = [];
  for (let at = place; at.parent !== null && path.length < deepestNamed; at = at.parent) path.push(at.key);
  const field = fieldPath(path.reverse()).toWellFormed().replaceAll('\0', '\\0').slice(0, 300);
  return new HttpProblem(400, { detail: `${field}: ${message}`, errors: [{ field, message }] });
}
