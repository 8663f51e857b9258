import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Role } from '@verdict/contracts';
import { HttpProblem, type Logger } from '@verdict/process';
import type { SessionEnd, SessionStore, UserStore } from '@verdict/storage';
import type { EndedSessions } from './ended-sessions.ts';
import {
  hashSecret,
  newRefreshToken,
  type RefreshToken,
  readRefreshToken,
  successorOf,
  writeRefreshToken,
} from './refresh-token.ts';

const hourMs = 3_600_000;

/** A log-in ends when nobody renews it for a day, and in any case after two weeks. */
export const sessionTerms = { idleMs: 24 * hourMs, lifeMs: 14 * 24 * hourMs } as const;

/** A used token may come again for so long: two tabs at once, or an answer that got lost on the way. */
export const graceMs = 10_000;

const saltBytes = 32;
const mostAttempts = 4;

/** What log-ins need. */
export interface SessionParts {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly ended: EndedSessions;
  readonly logger: Logger;
}

/** A log-in that goes on. */
export interface LiveSession {
  readonly id: string;
  readonly username: string;
  readonly roles: readonly Role[];
  readonly refreshToken: string;
}

/** Begins a log-in. `roles` is null for local users: theirs are read again at each renewal. */
export async function beginSession(
  { sessions }: Pick<SessionParts, 'sessions'>,
  who: { username: string; roles: readonly Role[] | null; lifeMs?: number },
): Promise<{ id: string; refreshToken: string }> {
  const token = newRefreshToken();
  const id = randomUUID();
  await sessions.create({
    id,
    familyHash: hashSecret(token.family),
    username: who.username,
    roles: who.roles,
    secretHash: hashSecret(token.secret),
    idleMs: sessionTerms.idleMs,
    lifeMs: who.lifeMs ?? sessionTerms.lifeMs,
  });
  return { id, refreshToken: writeRefreshToken(token) };
}

/**
 * Gives the next refresh token for one that was not used yet. A used one ends the whole log-in, since somebody else
 * may have it, unless it was used within the last 10 s: then the answer is the same as the first time. Throws 401.
 */
export async function renewSession(parts: SessionParts, text: string): Promise<LiveSession> {
  const given = readRefreshToken(text);
  if (given === null) throw over();
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const renewed = await tryRenew(parts, given);
    if (renewed !== 'again') return renewed;
  }
  throw new HttpProblem(503, { detail: 'Too many renewals at once.', retryAfterSeconds: 1 });
}

/** Ends the log-in that a refresh token belongs to, used or not; everywhere: all of its user. */
export async function endSession(parts: SessionParts, text: string, everywhere = false): Promise<number> {
  const given = readRefreshToken(text);
  const row = given === null ? null : await parts.sessions.find(hashSecret(given.family));
  if (row === null) return 0;
  return end(parts, everywhere ? { username: row.username } : { id: row.id }, 'log-out');
}

async function tryRenew(parts: SessionParts, given: RefreshToken): Promise<LiveSession | 'again'> {
  const { users, sessions, logger } = parts;
  const row = await sessions.find(hashSecret(given.family));
  if (row === null || row.leftMs <= 0) throw over();
  const { id, username } = row;
  const roles = row.roles ?? (await users.get(username))?.roles ?? [];
  if (roles.length === 0) {
    await end(parts, { id }, 'user changed');
    throw over();
  }
  const live = (token: RefreshToken) => ({ id, username, roles, refreshToken: writeRefreshToken(token) });
  const hash = hashSecret(given.secret);
  if (timingSafeEqual(hash, row.secretHash)) {
    const salt = randomBytes(saltBytes);
    const next = successorOf(given, salt);
    const to = hashSecret(next.secret);
    const won = await sessions.rotate({ id, from: hash, to, salt, idleMs: sessionTerms.idleMs });
    return won ? live(next) : 'again';
  }
  const isPrevious = row.previousHash !== null && timingSafeEqual(hash, row.previousHash);
  if (isPrevious && row.salt !== null && row.rotatedAgoMs <= graceMs)
    return live(successorOf(given, row.salt));
  await end(parts, { id }, 'reuse');
  logger.warn({ session: id, user: username }, 'a used refresh token came back: its log-in was ended');
  throw over();
}

async function end(
  { sessions, ended }: SessionParts,
  which: Parameters<SessionStore['end']>[0],
  why: SessionEnd,
): Promise<number> {
  const ids = await sessions.end(which, why);
  // Other gateways hear of it on the change feed; this one need not wait for that.
  for (const id of ids) ended.add(id);
  return ids.length;
}

/** One answer for all reasons: whoever tries tokens learns nothing. */
function over(): HttpProblem {
  return new HttpProblem(401, { detail: 'The log-in is over: log in again.' });
}
