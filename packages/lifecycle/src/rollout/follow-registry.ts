import type { RolloutState, VersionState } from '@verdict/contracts';
import { inProgress, type Transition } from './rollout-state.ts';
import { type KnownVersion, rollBack, takeBack } from './take-back.ts';

/** Follows what others said of versions: an aborted, refused or retired one must not serve on. */
export function followRegistry(
  state: RolloutState,
  { versions, nowMs }: { readonly versions: readonly KnownVersion[]; readonly nowMs: number },
): Transition | null {
  const known = (version: number) => versions.find((one) => one.version === version)?.state;
  if (state.reinstated !== null) {
    // Until the registry knows that it may serve again, its old state there says nothing.
    const settled = known(state.reinstated) === 'accepted' || known(state.reinstated) === undefined;
    return settled ? { state: { ...state, reinstated: null }, events: [] } : null;
  }
  const { champion, fallback, aborted } = state;
  const gone = (version: number) => ['aborted', 'refused', 'retired'].includes(known(version) ?? '');
  const olderThan = (border: number) =>
    Math.max(
      0,
      ...versions
        .filter((one) => one.version < border && one.state === 'accepted')
        .map((one) => one.version)
        .filter((version) => !aborted.includes(version)),
    );
  if (champion > 0 && gone(champion)) {
    // A newer version is not to blame: it is tried anew against the one that serves then.
    const older = versions.filter(({ version }) => version <= champion);
    const reason = `version ${champion} is ${known(champion)} in the registry`;
    return rollBack({ ...state, candidate: null }, olderThan(champion), { nowMs, versions: older, reason });
  }
  if (fallback !== null && fallback > 0 && gone(fallback)) {
    const forgotten = [...new Set([...aborted, fallback])].sort((a, b) => a - b);
    return {
      state: { ...state, fallback: olderThan(Math.min(fallback, champion)), aborted: forgotten },
      events: [],
    };
  }
  if (!inProgress(state) || !gone(state.candidate)) return null;
  return takeBack(state, nowMs, `it is ${known(state.candidate)} in the registry`);
}

/** What the registry does not say yet of versions that were taken back or put in again. */
export function toRegister(
  state: RolloutState,
  versions: readonly KnownVersion[],
): { version: number; state: VersionState }[] {
  return versions.flatMap(({ version, state: known }) => {
    if (state.aborted.includes(version) && known === 'accepted')
      return { version, state: 'aborted' as const };
    if (state.reinstated === version && known !== 'accepted') return { version, state: 'accepted' as const };
    return [];
  });
}
