import fc from 'fast-check';
import { hostileJson } from './hostile-json.ts';
import { hostileText } from './hostile-text.ts';

/** Puts something hostile somewhere into a value that fits: instead of a part of it, or as one more key. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  if (Array.isArray(value) && value.length > 0)
    return fc.oneof(
      hostileJson,
      fc.nat(value.length - 1).chain((at) => spoiled(value[at]).map((part) => value.with(at, part))),
    );
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    const entries = Object.entries(value);
    return fc.oneof(
      { weight: 1, arbitrary: hostileJson },
      {
        weight: 3,
        arbitrary: fc
          .nat(entries.length - 1)
          .chain((at) => spoiled(entries[at]?.[1]).map((part) => renewed(entries, at, part))),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(hostileText, hostileJson)
          .map(([key, part]) => Object.fromEntries([...entries, [key, part]])),
      },
    );
  }
  return hostileJson;
}

function renewed(entries: readonly [string, unknown][], at: number, part: unknown): object {
  return Object.fromEntries(entries.map(([key, value], index) => [key, index === at ? part : value]));
}
