import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

/** One HTTP request to the API server. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path with query, from the root of the API server. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Gives up the request, and the answer while it is being read. */
  readonly signal: AbortSignal;
}

/**
 * HTTP to the API server that a KubeConfig names.
 *
 * Only the configuration and its authentication are taken from client-node. Its own transport makes a new undici
 * agent, so a new TLS connection, for every request, has no time limit, and hides bodies behind generated classes;
 * node:https with one kept-alive agent has none of that, and TCP keep-alive finds a dead server within a minute.
 * Certificates, keys and tokens in files are read anew when they change; `renew` reads the whole configuration again.
 */
export class HttpTransport {
  readonly #load: () => KubeConfig;
  #config: KubeConfig;
  #agent: { key: string; agent: http.Agent } | undefined;

  constructor(load: () => KubeConfig) {
    this.#load = load;
    this.#config = load();
  }

  /** Resolves with status and headers; the body is still to be read. Rejects when there is no answer. */
  async send(request: HttpRequest): Promise<http.IncomingMessage> {
    const server = this.#config.getCurrentCluster()?.server ?? '';
    const url = new URL(server.replace(/\/$/, '') + request.path);
    const options: https.RequestOptions = { method: request.method, signal: request.signal };
    // Reads the token, and sets TLS options and an agent of client-node's (used only where there is a proxy).
    await this.#config.applyToHTTPSOptions(options);
    options.agent = this.#agentFor(url, options);
    options.headers = {
      ...(options.headers as http.OutgoingHttpHeaders),
      Accept: 'application/json',
      'User-Agent': 'verdict-operator',
      ...(request.contentType && { 'Content-Type': request.contentType }),
      ...(request.body !== undefined && { 'Content-Length': Buffer.byteLength(request.body) }),
    };
    request.signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const sending = (url.protocol === 'http:' ? http : https).request(url, options, resolve);
      sending.on('error', reject);
      sending.end(request.body);
    });
  }

  /** After a 401: whatever was rotated is read from its files. */
  renew(): void {
    this.#config = this.#load();
  }

  /** Closes all connections. */
  close(): void {
    this.#agent?.agent.destroy();
    this.#agent = undefined;
  }

  /** One agent as long as certificates stay the same; the old one lives on until its connections are done. */
  #agentFor(url: URL, options: https.RequestOptions): https.RequestOptions['agent'] {
    if (this.#config.getCurrentCluster()?.proxyUrl) return options.agent;
    const { ca, cert, key: privateKey, rejectUnauthorized, servername } = options;
    const parts = [url.protocol, ca, cert, privateKey, rejectUnauthorized, servername];
    const hash = createHash('sha256');
    for (const part of parts) hash.update(`${String(part)}\n`);
    const key = hash.digest('hex');
    if (this.#agent?.key !== key) {
      // Idle connections are dropped before load balancers forget them.
      const kept = { keepAlive: true, keepAliveMsecs: 30_000, timeout: 30_000 };
      const agent =
        url.protocol === 'http:'
          ? new http.Agent(kept)
          : new https.Agent({ ...kept, ca, cert, key: privateKey, rejectUnauthorized, servername });
      this.#agent = { key, agent };
    }
    return this.#agent.agent;
  }
}
