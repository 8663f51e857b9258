import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const mostBytes = 1024 * 1024;

/**
 * GETs a document from a server whose certificate is signed by `ca` (PEM; by the well-known authorities when it is
 * undefined). `fetch` cannot be given certificates. Rejects when there is no whole answer, one of more than 1 MB, or
 * another status than 200: a redirect is not followed, so that a token goes nowhere else.
 */
export function fetchPinned(
  url: string,
  options: { ca: string | undefined; token: string | undefined; signal: AbortSignal },
): Promise<Response> {
  const { ca, token, signal } = options;
  const headers = {
    // An API server answers 406 to whoever takes plain JSON alone.
    accept: 'application/jwk-set+json, application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  return new Promise((resolve, reject) => {
    const start = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
    const sent = start(url, { headers, signal, ...(ca === undefined ? {} : { ca }) }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes)
          response.destroy(new Error(`${url} answers with more than ${mostBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve(new Response(Buffer.concat(chunks)));
        else reject(new Error(`${url} answered ${response.statusCode}`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}
