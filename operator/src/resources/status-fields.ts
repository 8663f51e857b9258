import { withoutSecrets } from '@verdict/process';
import { z } from 'zod';

/** A count, or a version where 0 is the built-in one. */
export const count = z.int().nonnegative();

/** A version that was learnt. */
export const versionNumber = z.int().min(1);

/** A share, 0 to 1. */
export const share = z.number().min(0).max(1);

/** Text of at most so many characters; `cut` makes it fit. */
export const text = (most: number) => z.string().max(most);

/** RFC 3339, whole seconds or finer. */
export const Time = z.iso.datetime({ offset: true });

/** What others wrote, as it may stand in a status that many may read: without what looks like a secret, and cut. */
export function discreet(words: string, most: number): string {
  return cut(withoutSecrets(words), most);
}

/** The text, or its beginning with an ellipsis when it is longer than `most` characters. */
export function cut(long: string, most: number): string {
  // By code points, as the API server counts: half a character would be no text.
  const characters = Array.from(long);
  return characters.length <= most ? long : `${characters.slice(0, most - 1).join('')}…`;
}
