import {
  ApiKeyCreated,
  ApiKeyList,
  ApiKeyRequest,
  ApiKeyRevoked,
  ApiKeyRotation,
  type ApiKeyView,
} from '@verdict/contracts';
import { type Clock, defineRoute, HttpProblem, type Logger, type Route } from '@verdict/process';
import type { ApiKeyRow, ApiKeyStore } from '@verdict/storage';
import { z } from 'zod';
import { newApiKey } from './api-key.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const KeyPath = z.object({ id: z.string().min(1).max(100) });

/** What the administration of keys needs. */
export interface ApiKeyRouteParts {
  readonly apiKeys: ApiKeyStore;
  /** Told of a key that ends: this gateway need not wait for the change feed. */
  readonly forget: (id: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keys of producers: `GET /keys`, `POST /keys`, `POST /keys/{id}/rotations`, `DELETE /keys/{id}`; for admins. */
export function apiKeyRoutes({ apiKeys, forget, clock, logger }: ApiKeyRouteParts): Route[] {
  const viewOf = (row: ApiKeyRow) => apiKeyView(row, clock.nowMs());
  const endOf = (days: number | undefined) => (days === undefined ? null : clock.nowMs() + days * dayMs);
  return [
    defineRoute({
      method: 'get',
      path: '/keys',
      tag: 'keys',
      summary: 'List the API keys of producers, without their secrets',
      roles: ['admin'],
      response: ApiKeyList,
      handler: async () => ({ items: (await apiKeys.list()).map(viewOf) }),
    }),
    defineRoute({
      method: 'post',
      path: '/keys',
      tag: 'keys',
      summary: 'Make an API key for a producer',
      description: 'The key is in this answer and nowhere else: it is stored as a hash.',
      roles: ['admin'],
      ratePerMinute: 60,
      body: ApiKeyRequest,
      response: ApiKeyCreated,
      status: 201,
      handler: async ({ body, caller }) => {
        const { id, key, hash } = newApiKey();
        const { name, seriesPrefix } = body;
        const expiresAtMs = endOf(body.expiresInDays);
        const row = await apiKeys.create({
          id,
          name,
          hash,
          seriesPrefix,
          createdBy: caller.name,
          expiresAtMs,
        });
        logger.info({ key: id, name, seriesPrefix, by: caller.name }, 'an API key was made');
        return { key, view: viewOf(row) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/keys/{id}/rotations',
      tag: 'keys',
      summary: 'Make a key that takes the place of another; both are good for a while',
      roles: ['admin'],
      ratePerMinute: 60,
      params: KeyPath,
      body: ApiKeyRotation,
      response: ApiKeyCreated,
      status: 201,
      problems: { 404: 'There is no such key.', 409: 'It is not good any more, or was rotated before.' },
      handler: async ({ params, body, caller }) => {
        const { id, key, hash } = newApiKey();
        const terms = { overlapMs: body.overlapHours * hourMs, expiresAtMs: endOf(body.expiresInDays) };
        const row = await apiKeys.rotate(params.id, { id, hash, createdBy: caller.name }, terms);
        if (row === null) throw await notGood(apiKeys, params.id);
        forget(params.id);
        logger.info({ key: id, before: params.id, by: caller.name }, 'an API key was rotated');
        return { key, view: viewOf(row) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/keys/{id}',
      tag: 'keys',
      summary: 'Revoke an API key: it is refused from now on, by every gateway',
      roles: ['admin'],
      params: KeyPath,
      response: ApiKeyRevoked,
      problems: { 404: 'There is no such key, or it was revoked before.' },
      handler: async ({ params, caller }) => {
        if (!(await apiKeys.revoke(params.id)))
          throw new HttpProblem(404, { detail: 'There is no such key that is not revoked.' });
        forget(params.id);
        logger.info({ key: params.id, by: caller.name }, 'an API key was revoked');
        return { id: params.id };
      },
    }),
  ];
}

async function notGood(apiKeys: ApiKeyStore, id: string): Promise<HttpProblem> {
  const row = await apiKeys.get(id);
  if (row === null) return new HttpProblem(404, { detail: 'There is no such key.' });
  const why = row.successor === null ? 'is not good any more' : `was rotated into ${row.successor} before`;
  return new HttpProblem(409, { detail: `The key ${why}.` });
}

function apiKeyView(row: ApiKeyRow, nowMs: number): ApiKeyView {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    id: row.id,
    name: row.name,
    seriesPrefix: row.seriesPrefix,
    state: stateOf(row, nowMs),
    createdBy: row.createdBy,
    createdAt: new Date(row.createdAtMs).toISOString(),
    expiresAt: iso(row.expiresAtMs),
    revokedAt: iso(row.revokedAtMs),
    lastUsedAt: iso(row.usedAtMs),
    successor: row.successor,
  };
}

function stateOf({ revokedAtMs, expiresAtMs }: ApiKeyRow, nowMs: number): ApiKeyView['state'] {
  if (revokedAtMs !== null) return 'revoked';
  if (expiresAtMs === null) return 'active';
  return expiresAtMs > nowMs ? 'ending' : 'expired';
}
