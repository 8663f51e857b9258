import type { IncomingHttpHeaders } from 'node:http';
import { HttpProblem } from '@verdict/process';

/** Holds the refresh token, out of the reach of scripts. */
const tokenCookie = 'verdict_session';
/** Tells the dashboard who is logged in, so that it need not ask in vain; it grants nothing. */
const personCookie = 'verdict_person';
const longestHeader = 16_384;

/**
 * Throws 403 unless a request comes from a page of ours. A cookie is sent along whoever asks, so what it may do must
 * be asked by our own pages: SameSite=Strict takes no note of ports, and neither does the guard of origins.
 */
export function assertOwnPage(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site'];
  const own = site === undefined ? isOwnOrigin(headers) : site === 'same-origin';
  if (!own) throw new HttpProblem(403, { detail: "This is for the dashboard's own pages." });
}

function isOwnOrigin({ origin, host }: IncomingHttpHeaders): boolean {
  return origin !== undefined && URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/** The refresh token that a browser sent. */
export function sessionCookieOf(headers: IncomingHttpHeaders): string | null {
  return cookieOf(headers, tokenCookie);
}

/** One cookie's value; null when it is missing. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string | null {
  for (const pair of (headers.cookie ?? '').slice(0, longestHeader).split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}

/** `Set-Cookie` for a log-in. */
export function sessionCookies(
  headers: IncomingHttpHeaders,
  session: { refreshToken: string; username: string; maxAgeMs: number },
): string[] {
  const age = `Max-Age=${Math.floor(session.maxAgeMs / 1000)}`;
  const end = `SameSite=Strict; ${age}${secure(headers)}`;
  return [
    `${tokenCookie}=${session.refreshToken}; Path=/auth; HttpOnly; ${end}`,
    `${personCookie}=${encodeURIComponent(session.username)}; Path=/; ${end}`,
  ];
}

/** `Set-Cookie` that takes a log-in away. */
export function noSessionCookies(headers: IncomingHttpHeaders): string[] {
  const end = `SameSite=Strict; Max-Age=0${secure(headers)}`;
  return [`${tokenCookie}=; Path=/auth; HttpOnly; ${end}`, `${personCookie}=; Path=/; ${end}`];
}

/** TLS ends before us, so the page says whether it was fetched with it. */
function secure(headers: IncomingHttpHeaders): string {
  const forwarded = headers['x-forwarded-proto'];
  return headers.origin?.startsWith('https:') === true || forwarded === 'https' ? '; Secure' : '';
}
