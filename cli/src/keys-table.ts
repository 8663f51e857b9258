import type { ApiKeyView } from '@verdict/contracts';
import { fittingTable } from './table.ts';

const day = (time: string | null) => time?.slice(0, 16).replace('T', ' ') ?? '-';

/** Keys as a table; times in UTC. */
export function keysTable(keys: readonly ApiKeyView[]): string {
  if (keys.length === 0) return 'There are no API keys. Make one with "verdict keys create NAME".';
  const heading = ['ID', 'STATE', 'SERIES', 'LAST USED', 'EXPIRES', 'MADE BY', 'NAME'];
  return fittingTable(
    heading,
    keys.map(({ id, state, seriesPrefix, lastUsedAt, expiresAt, createdBy, name }) => [
      id,
      state,
      `${seriesPrefix}*`,
      day(lastUsedAt),
      day(expiresAt),
      createdBy,
      name,
    ]),
  );
}
