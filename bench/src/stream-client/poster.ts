import { Agent, request } from 'node:http';

/** Sends bodies to `POST /data` over connections that stay open. */
export class Poster {
  readonly #agent: Agent;
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  repeated = 0;

  constructor(options: { url: string; token: string; connections: number }) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: options.connections });
    this.#url = new URL('/data', options.url);
    this.#headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${options.token}` };
  }

  /** Resolves when the readings are acknowledged; asks again where the answer says so, for at most a minute. */
  async post(body: string): Promise<void> {
    const bytes = Buffer.from(body);
    for (let attempt = 0; attempt < 600; attempt += 1) {
      const { status, text } = await this.#once(bytes);
      if (status === 202) return;
      if (status !== 429 && status !== 503)
        throw new Error(`POST /data was answered with ${status}: ${text}`);
      this.repeated += 1;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('POST /data was refused for a minute');
  }

  close(): void {
    this.#agent.destroy();
  }

  #once(bytes: Buffer): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { ...this.#headers, 'Content-Length': bytes.length };
      const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      });
      sent.setTimeout(30_000, () => sent.destroy(new Error('POST /data was not answered within 30 s')));
      sent.on('error', reject);
      sent.end(bytes);
    });
  }
}
