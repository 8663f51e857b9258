import { ApiKeyRequest, ApiKeyRotation, type ApiKeyView } from '@verdict/contracts';
import { type Answer, accept, problem } from './answer.ts';

const madeAtMs = Date.UTC(2026, 10, 22);

/** Answers what concerns keys of producers, for ids that count from 1; null for any other route. */
export function answerKeys(keys: ApiKeyView[], route: string, body: unknown): Answer | null {
  const [method, path = ''] = route.split(' ');
  const [, place, id, rest] = path.split('/');
  if (place !== 'keys') return null;
  if (method === 'GET') return { status: 200, body: { items: keys } };
  if (id === undefined)
    return accept(ApiKeyRequest, body, ({ name, seriesPrefix, expiresInDays }) =>
      make(keys, { name, seriesPrefix, expiresAt: endOf(expiresInDays) }),
    );
  const known = keys.findIndex((key) => key.id === id);
  const key = keys[known];
  if (key === undefined) return problem(404, 'There is no such key.');
  if (rest === undefined) {
    keys[known] = { ...key, state: 'revoked' };
    return { status: 200, body: { id } };
  }
  return accept(ApiKeyRotation, body, ({ overlapHours, expiresInDays }) => {
    keys[known] = { ...key, state: 'ending', expiresAt: endOf(overlapHours / 24) };
    return make(keys, { name: key.name, seriesPrefix: key.seriesPrefix, expiresAt: endOf(expiresInDays) });
  });
}

function make(keys: ApiKeyView[], given: Pick<ApiKeyView, 'name' | 'seriesPrefix' | 'expiresAt'>): object {
  const view: ApiKeyView = {
    ...given,
    id: `key${keys.length + 1}`,
    state: given.expiresAt === null ? 'active' : 'ending',
    createdBy: 'ann',
    createdAt: new Date(madeAtMs).toISOString(),
    revokedAt: null,
    lastUsedAt: null,
    successor: null,
  };
  keys.push(view);
  return { key: `vk_${view.id}_secret`, view };
}

function endOf(days: number | undefined): string | null {
  return days === undefined ? null : new Date(madeAtMs + days * 86_400_000).toISOString();
}
