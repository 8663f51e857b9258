/** A version in words, for the middle of a sentence: 0 is built in. */
export function versionText(version: number): string {
  return version === 0 ? 'the built-in version' : `version ${version}`;
}

/** A version as short as it is clear: `built in`, `version 3`. */
export function versionName(version: number): string {
  return version === 0 ? 'built in' : `version ${version}`;
}

/** A version in a small place: `v0`, `v3`. */
export function versionMark(version: number): string {
  return `v${version}`;
}

/** Several versions in a sentence: `version 2`, `versions 2, 3 and 5`. */
export function versionsText(versions: readonly number[]): string {
  const last = versions.at(-1);
  if (last === undefined) return 'no version';
  if (versions.length === 1) return versionText(last);
  return `versions ${versions.slice(0, -1).join(', ')} and ${last}`;
}
