import type { ApiKeyView } from '@verdict/contracts';
import { formatAgo, formatDuration } from './time-text.ts';

const hourMs = 3_600_000;

/** Public part of a key, by which its owner recognises it: `vk_0123456789ab_…`. */
export function keyBeginning({ id }: Pick<ApiKeyView, 'id'>): string {
  return `vk_${id}_…`;
}

/** Which series a key may send. */
export function keyScope({ seriesPrefix }: Pick<ApiKeyView, 'seriesPrefix'>): string {
  return seriesPrefix === '' ? 'any series' : `${seriesPrefix}…`;
}

/** When a key was last used, which is known to the hour. */
export function keyUse({ lastUsedAt }: Pick<ApiKeyView, 'lastUsedAt'>, nowMs: number): string {
  if (lastUsedAt === null) return 'never';
  const agoMs = nowMs - Date.parse(lastUsedAt);
  return agoMs < hourMs ? 'within the hour' : formatAgo(agoMs);
}

/** How long a key is good, or why it is not any more. */
export function keyEnd(key: Pick<ApiKeyView, 'state' | 'expiresAt' | 'successor'>, nowMs: number): string {
  if (key.state === 'revoked') return 'revoked';
  if (key.expiresAt === null) return 'until revoked';
  if (key.state === 'expired') return key.successor === null ? 'expired' : 'replaced';
  const leftMs = Date.parse(key.expiresAt) - nowMs;
  // To the hour, so that what was made for 90 days says so.
  const left = `${formatDuration(leftMs > 2 * hourMs ? Math.round(leftMs / hourMs) * hourMs : leftMs)} left`;
  return key.successor === null ? left : `replaced, ${left}`;
}

/** True while it lets somebody in. */
export function isGood({ state }: Pick<ApiKeyView, 'state'>): boolean {
  return state === 'active' || state === 'ending';
}
