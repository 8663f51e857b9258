import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AddressGuard, AddressRefused } from './address-guard.ts';

/** What a receiver answered. */
export interface PostAnswer {
  readonly status: number;
  /** As its header says, in seconds; null when it says nothing. */
  readonly retryAfterSeconds: number | null;
}

/** A message reached nobody, or nobody answered. The message of this error holds no secret and no path. */
export class PostFailed extends Error {
  override readonly name = 'PostFailed';
}

/** More of an answer is not read. */
const mostAnswerBytes = 64 * 1024;

/**
 * POSTs JSON and gives the status. No redirect is followed, no more than 64 KB of the answer is read and none of it kept,
 * and all of it together takes `timeoutMs` at most. Throws `PostFailed`; `AddressRefused` when it may not be sent there.
 */
export async function postMessage(
  url: URL,
  message: { headers: Readonly<Record<string, string>>; body: string },
  options: { guard: AddressGuard; timeoutMs: number; signal: AbortSignal },
): Promise<PostAnswer> {
  const { guard, timeoutMs, signal } = options;
  guard.checkUrl(url);
  const tooLong = AbortSignal.timeout(timeoutMs);
  try {
    return await exchange(url, message, { guard, signal: AbortSignal.any([signal, tooLong]) });
  } catch (error) {
    if (error instanceof AddressRefused) throw error;
    if (signal.aborted) throw new PostFailed('it was broken off, for this process ends');
    if (tooLong.aborted) throw new PostFailed(`no answer within ${timeoutMs / 1000} s`);
    throw new PostFailed(reasonOf(error));
  }
}

function exchange(
  url: URL,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  { guard, signal }: { guard: AddressGuard; signal: AbortSignal },
): Promise<PostAnswer> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const sent = start(
      url,
      {
        method: 'POST',
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': bytes.length,
          'user-agent': 'verdict',
        },
        // A connection of its own: one that is kept would be to an address that was checked some time ago.
        agent: false,
        lookup: guard.lookupFor(url),
        signal,
      },
      (response) => {
        const { statusCode: status = 0 } = response;
        const retryAfterSeconds = secondsOf(response.headers['retry-after']);
        let received = 0;
        response.on('data', (chunk: Buffer) => {
          received += chunk.length;
          if (received > mostAnswerBytes) response.destroy();
        });
        // Whatever follows the head of the answer, the answer stands.
        response.on('error', () => undefined);
        response.on('close', () => resolve({ status, retryAfterSeconds }));
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}

function secondsOf(header: string | undefined): number | null {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : null;
}

/** By its code: texts of errors name addresses and paths. */
function reasonOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  // Of several addresses that were tried, the first one's.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  if (code === undefined && inner !== undefined) return reasonOf(inner);
  return typeof code === 'string' ? `the connection failed (${code})` : 'the connection failed';
}
