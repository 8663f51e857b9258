import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const mostBytes = 1024 * 1024;

/**
 * GETs a document from a server whose certificate is signed by `ca` (PEM; by the well-known authorities when it is
 * undefined). `fetch` cannot be given certificates. A redirect is an answer like any other, so that a token goes
 * nowhere else. Rejects when there is no whole answer, or one of more than 1 MB.
 */
export function fetchPinned(
  url: string,
  options: { ca: string | undefined; token: string | undefined; signal: AbortSignal },
): Promise<Response> {
  const { ca, token, signal } = options;
  const headers = {
    accept: 'application/json',
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
        const status = response.statusCode ?? 0;
        // Other answers may have no body, or one that `Response` refuses; nobody asks for it.
        resolve(
          status === 200
            ? new Response(Buffer.concat(chunks))
            : new Response(null, { status: errorStatus(status) }),
        );
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** `Response` knows statuses from 200 on. */
function errorStatus(status: number): number {
  return status >= 300 && status <= 599 ? status : 502;
}
