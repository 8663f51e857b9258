import type { Reading } from '@verdict/contracts';

/** What clients that send all the time heard. */
export interface SteadyClients {
  /** Readings that the gateway acknowledged: series → times. */
  readonly acknowledged: ReadonlyMap<string, ReadonlySet<number>>;
  /** All that were ever sent. */
  readonly sent: ReadonlyMap<string, ReadonlySet<number>>;
  /** Answers by status; `none` = no answer at all. */
  readonly answers: ReadonlyMap<number | 'none', number>;
  /** Refusals that did not say when to come back. */
  readonly withoutRetryAfter: number;
  /** Longest time that an answer took, ms. */
  readonly slowestMs: number;
  /** Each ends when what it sends is acknowledged. */
  stop(): Promise<void>;
}

const readingsPerPost = 100;
const pauseMs = 300;
/** Far above the deadline of the route. */
const patienceMs = 90_000;

/**
 * Clients that send a hundred readings of their own two series again and again, each batch until it is acknowledged, as
 * producers do; after a refusal they wait as long as they are told, at most a second. Bodies have `bodyBytes`: what
 * there is no room for is decided by bytes.
 */
export function startSteadyClients(options: {
  readonly url: string;
  readonly authorization: string;
  readonly clients: number;
  /** What their series are called. */
  readonly name: string;
  readonly bodyBytes: number;
}): SteadyClients {
  const { url, authorization, bodyBytes } = options;
  const acknowledged = new Map<string, Set<number>>();
  const sent = new Map<string, Set<number>>();
  const answers = new Map<number | 'none', number>();
  let withoutRetryAfter = 0;
  let slowestMs = 0;
  let stopping = false;
  const post = async (body: string): Promise<number | 'none'> => {
    const sinceMs = performance.now();
    let status: number | 'none' = 'none';
    let retryAfterMs = 1000;
    try {
      const answer = await fetch(`${url}/data`, {
        method: 'POST',
        body,
        headers: { authorization, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(patienceMs),
      });
      await answer.arrayBuffer();
      status = answer.status;
      const told = answer.headers.get('retry-after');
      if (status !== 202 && told === null) withoutRetryAfter += 1;
      if (told !== null) retryAfterMs = Number(told) * 1000;
    } catch (error) {
      // A connection that ends is an answer too: it is counted, and the test says that there are none.
      if (!(error instanceof Error)) throw error;
    }
    slowestMs = Math.max(slowestMs, performance.now() - sinceMs);
    answers.set(status, (answers.get(status) ?? 0) + 1);
    await pause(status === 202 ? pauseMs : Math.min(1000, retryAfterMs));
    return status;
  };
  const run = async (client: number): Promise<void> => {
    const keys = [0, 1].map((one) => `shop/${options.name}-${client}-${one}`);
    let newestMs = Date.now() - 120_000;
    while (!stopping) {
      const readings: Reading[] = [];
      // Never ahead of the clock, and each time once.
      for (let at = 0; at < readingsPerPost / 2; at += 1) {
        newestMs += 1;
        for (const series of keys) readings.push({ series, time: newestMs, values: { cpu: at % 7 } });
      }
      note(sent, readings);
      const body = JSON.stringify({ readings }).padEnd(bodyBytes);
      // Ends when the part that was held still goes on; a test has a time of its own.
      while ((await post(body)) !== 202) if (stopping) break;
      if (!stopping) note(acknowledged, readings);
    }
  };
  const running = Array.from({ length: options.clients }, (_, client) => run(client));
  return {
    acknowledged,
    sent,
    answers,
    get withoutRetryAfter() {
      return withoutRetryAfter;
    },
    get slowestMs() {
      return slowestMs;
    },
    async stop() {
      stopping = true;
      await Promise.all(running);
    },
  };
}

function note(into: Map<string, Set<number>>, readings: readonly Reading[]): void {
  for (const { series, time } of readings) {
    const times = into.get(series) ?? new Set();
    times.add(time);
    into.set(series, times);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
