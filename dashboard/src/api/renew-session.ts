import { TokenResponse } from '@verdict/contracts';

const timeoutMs = 20_000;
const lockName = 'verdict-session';

/**
 * Asks for a fresh token with the cookie of this browser's log-in; null when that is over. Tabs take turns, since a
 * refresh token is good once (where the browser has no locks, the gateway forgives what happens within 10 s).
 */
export async function renewSession(): Promise<TokenResponse | null> {
  return inTurn(async () => {
    const response = await fetch('/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status === 401 || response.status === 403) return null;
    if (!response.ok) throw new Error(`the gateway answered ${response.status}`);
    return TokenResponse.parse(await response.json());
  });
}

/** Runs what changes the cookie of the log-in, while no other tab does. */
export function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  // Locks exist on secure pages only: TLS, or this machine.
  const locks: LockManager | undefined = navigator.locks;
  return locks === undefined ? work() : locks.request(lockName, work);
}

/** Name of whoever is logged in with this browser, as a cookie beside the secret one says. */
export function personHere(): string | null {
  const found = /(?:^|; )verdict_person=([^;]+)/.exec(document.cookie)?.[1];
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    // Somebody else wrote it: nobody is known.
    return null;
  }
}

/** Takes the name away, so that this browser does not go on by itself with a log-in that could not be ended. */
export function forgetPerson(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain HTTP
  document.cookie = 'verdict_person=; Path=/; Max-Age=0; SameSite=Strict';
}
