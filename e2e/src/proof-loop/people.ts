import { writeFile } from 'node:fs/promises';
import type { Anomaly } from '@verdict/contracts';
import { createPlatformClient, type PlatformClient } from '@verdict/platform-client';
import { pause } from './pause.ts';
import type { Scenario } from './scenario.ts';

/** The three accounts that judge. */
const judgeNames = ['ann', 'ben', 'eve'] as const;
/** Who lies where somebody does. */
const liar = 'eve';
const password = 'seldom-read-aloud';

/** Writes the accounts as `VERDICT_USERS_FILE` takes them. */
export async function writePeople(file: string): Promise<void> {
  const people = judgeNames.map((username) => ({ username, password, roles: ['analyst'] }));
  await writeFile(file, JSON.stringify(people), { mode: 0o600 });
}

/** Three people who look at every anomaly soon after it appears, and answer what they know of it. */
export interface People {
  /** Anomalies that were answered. */
  readonly judged: () => number;
  readonly answers: () => number;
  /** Rejects when somebody could not answer. */
  stop(): Promise<void>;
}

/** How often people look for what is new. */
const lookEveryMs = 700;

/**
 * Lets them judge everything from now on, and what is there already. An anomaly that goes on and turns out to be
 * something else than at first sight is answered again.
 */
export function startPeople(parts: { url: string; scenario: Scenario; withLiar: boolean }): People {
  const { url, scenario, withLiar } = parts;
  const clients = judgeNames.map((username) => ({
    lies: withLiar && username === liar,
    client: createPlatformClient({ url, credentials: { username, password } }),
  }));
  const known = new Map<string, boolean>();
  let answers = 0;
  let stopping = false;
  let cursor = '0';

  const judge = async (anomaly: Anomaly): Promise<void> => {
    const real = scenario.isReal(anomaly);
    if (known.get(anomaly.id) === real) return;
    known.set(anomaly.id, real);
    await Promise.all(
      clients.map(({ client, lies }) =>
        client.sendFeedback({ anomalyId: anomaly.id, verdict: real !== lies ? 'true' : 'false' }),
      ),
    );
    answers += clients.length;
  };
  const look = async (client: PlatformClient): Promise<void> => {
    let next: string | undefined;
    do {
      const page = await client.anomalies({ since: cursor, next, limit: 500 });
      for (const anomaly of page.items) await judge(anomaly);
      next = page.next ?? undefined;
      if (next === undefined) cursor = page.cursor;
    } while (next !== undefined);
  };
  const live = async (): Promise<void> => {
    const [first] = clients;
    while (first && !stopping) {
      await look(first.client);
      await pause(lookEveryMs);
    }
  };
  const ended = live();
  // Whoever stops them sees it.
  ended.catch(() => undefined);
  return {
    judged: () => known.size,
    answers: () => answers,
    async stop() {
      stopping = true;
      await ended;
    },
  };
}
