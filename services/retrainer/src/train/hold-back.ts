import { createHash } from 'node:crypto';

/** From so many false alarms on, one in five is held back. */
const fewest = 5;
const oneIn = 5;

/**
 * Which false alarms are held back from teaching, because a candidate is judged on them: about every fifth, by the
 * hash of its id, so that one that is held back now is held back the next time too, whatever comes in between; where
 * the hashes name none, the one with the smallest.
 */
export function heldBackOf(ids: readonly string[]): Set<string> {
  if (ids.length < fewest) return new Set();
  const hashed = ids.map((id) => ({ id, hash: createHash('sha256').update(id).digest().readUInt32BE(0) }));
  const chosen = hashed.filter(({ hash }) => hash % oneIn === 0);
  if (chosen.length > 0) return new Set(chosen.map(({ id }) => id));
  const [smallest] = hashed.toSorted((a, b) => a.hash - b.hash || (a.id < b.id ? -1 : 1));
  return new Set(smallest ? [smallest.id] : []);
}
