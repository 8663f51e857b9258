import type { Plan, RolloutCommand, RolloutState, VersionState } from '@verdict/contracts';

/** What of a pool names versions. */
export interface VersionUse {
  readonly plan: Pick<Plan, 'partitions'>;
  /** Null = there never was one. */
  readonly rollout: RolloutState | null;
  /** Commands that wait. */
  readonly commands: readonly RolloutCommand[];
  /** Versions that partitions are or were served with, as far back as a restart replays, and that detectors are pinned to. */
  readonly inForce: readonly number[];
}

/** Versions that must not be missing: planned, shadow, fallback, champion, candidate, what an abort returns to, in force. */
export function versionsInUse({ plan, rollout, commands, inForce }: VersionUse): Set<number> {
  const planned = [...Object.values(plan.partitions), ...Object.values(rollout?.before ?? {})].flatMap(
    ({ version, shadow, fallback }) => [version, shadow, fallback],
  );
  const rolled = [rollout?.champion, rollout?.candidate, rollout?.fallback, rollout?.reinstated];
  const asked = commands.map((command) => (command.kind === 'rollback' ? command.version : null));
  const named = [...planned, ...rolled, ...asked, ...inForce];
  return new Set(named.filter((version) => typeof version === 'number'));
}

/**
 * Versions that may be retired, ascending: nothing uses them, and neither are they among the newest `keep` of those
 * that served or may serve, or among the newest `keep` that were refused. One that is still to show what it is worth is
 * kept as long as it is newer than all that are in use.
 */
export function unusedVersions(
  versions: readonly { readonly version: number; readonly state: VersionState }[],
  use: VersionUse | null,
  keep: number,
): number[] {
  const used = use === null ? new Set<number>() : versionsInUse(use);
  const newestUsed = Math.max(0, ...used);
  const kept = versions.filter(({ version, state }) => version > 0 && state !== 'retired');
  const beyond = (of: typeof kept) => [...of].sort((a, b) => b.version - a.version).slice(keep);
  const refused = kept.filter(({ state }) => state === 'refused');
  const others = kept.filter(({ state }) => state !== 'refused');
  return [...beyond(refused), ...beyond(others)]
    .filter(({ version }) => !used.has(version))
    .filter(({ version, state }) => version < newestUsed || state === 'refused' || state === 'aborted')
    .map(({ version }) => version)
    .sort((a, b) => a - b);
}
