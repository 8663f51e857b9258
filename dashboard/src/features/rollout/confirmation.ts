import type { PoolView, RolloutCommandRequest } from '@verdict/contracts';
import { versionText } from '../../lib/version-text.ts';
import { capital } from './rollout-progress.ts';

/** What is asked before a command that changes what serves. */
export interface Confirmation {
  readonly title: string;
  /** What will happen. */
  readonly about: string;
  /** Name of the button. */
  readonly action: string;
}

/** The question before a command; null for those that need none. */
export function confirmationOf(request: RolloutCommandRequest, pool: PoolView): Confirmation | null {
  const { state } = pool.rollout;
  const candidate = state?.candidate ?? null;
  const champion = versionText(state?.champion ?? 0);
  const partitions = `${pool.partitions.length} partitions`;
  switch (request.kind) {
    case 'promote':
      if (candidate === null) return null;
      return {
        title: `Promote ${versionText(candidate)}?`,
        about: `It serves all ${partitions} at once, without the steps and analyses that are left. ${capital(champion)} stays as its fallback.`,
        action: `Promote ${versionText(candidate)}`,
      };
    case 'abort':
      if (candidate === null) return null;
      return {
        title: `Take ${versionText(candidate)} back?`,
        about: `${capital(champion)} serves every partition again. ${capital(versionText(candidate))} is remembered and never tried again by itself.`,
        action: `Take ${versionText(candidate)} back`,
      };
    case 'rollback':
      return {
        title: `Roll back to ${versionText(request.version)}?`,
        about: `It serves all ${partitions} at once. Newer versions are remembered as taken back and never tried again by themselves; a later training may bring another one.`,
        action: `Roll back to ${versionText(request.version)}`,
      };
    case 'pause':
    case 'resume':
      return null;
  }
}
