import type { Request } from 'express';
import { HttpProblem } from './http-problem.ts';

/**
 * Reads a body as it came, at most `maxBytes` of it (as sent: what is compressed stays so). Problems: 413 for too
 * many bytes, 400 for a body that ends early.
 */
export async function readRawBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    // Destroying the request would take away the connection on which the 413 is to be heard.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpProblem || !request.destroyed) throw error;
    throw new HttpProblem(400, { detail: 'The body ended early.', cause: error });
  }
  return Buffer.concat(chunks, bytes);
}

/** The answer to a body of more than `maxBytes`. */
function tooLarge(maxBytes: number): HttpProblem {
  return new HttpProblem(413, {
    detail: `At most ${maxBytes} bytes are taken in one request.`,
    headers: { Connection: 'close' },
  });
}
