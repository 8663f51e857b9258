import { readFileSync } from 'node:fs';
import https from 'node:https';

/** An answer of the API server, with the warnings in its headers. */
export interface KubeAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever there is.
  readonly body: any;
  readonly warnings: readonly string[];
}

export interface KubeRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

/** Sends requests as they are: with headers and parameters that the operator's own client has no use for. */
export function kubeRequests(kubeconfig: string): (request: KubeRequest) => Promise<KubeAnswer> {
  // Written by `startKubeApi`, as JSON.
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8'));
  const { server, 'certificate-authority': authority } = clusters[0].cluster;
  const ca = readFileSync(authority);
  const headers = { Authorization: `Bearer ${users[0].user.token}` };
  return ({ method = 'GET', path, body, contentType = 'application/json', accept = 'application/json' }) =>
    new Promise((resolve, reject) => {
      const request = https.request(new URL(path, server), {
        method,
        ca,
        agent: false,
        timeout: 30_000,
        headers: { ...headers, Accept: accept, 'Content-Type': contentType },
      });
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error(`no answer to ${method} ${path}`)));
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const warnings = [response.headers.warning ?? []].flat().map(String);
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text), warnings });
        });
      });
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
