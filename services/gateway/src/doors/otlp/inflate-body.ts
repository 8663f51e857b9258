import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { HttpProblem } from '@verdict/process';

const inflate = promisify(gunzip);

/**
 * The bytes of a body that may be compressed with gzip. Problems: 415 for another encoding, 413 for more than
 * `maxBytes` uncompressed, 400 for what is no gzip.
 */
export async function inflateBody(
  body: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? 'identity';
  if (name === 'identity' || name === '') return body;
  if (name !== 'gzip')
    throw new HttpProblem(415, { detail: 'Bodies are taken as they are, or with Content-Encoding: gzip.' });
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new HttpProblem(413, {
        detail: `At most ${maxBytes} uncompressed bytes are taken in one request.`,
      });
    if (code.startsWith('Z_')) throw new HttpProblem(400, { detail: 'The body is no gzip.' });
    throw error;
  }
}
