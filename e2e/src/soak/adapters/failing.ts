import { link } from './link.ts';

/** What answers with more than a promise is left alone. */
const untouched = new Set(['readPool']);

/**
 * The same store, whose calls fail as the soak says: refused before anything is done, or done and the answer lost,
 * as when a connection breaks.
 */
export function failing<T extends object>(
  store: T,
  of: 'database' | 'blobs',
  Unavailable: new (message: string) => Error,
): T {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      if (untouched.has(name)) return member.bind(target);
      return async (...args: unknown[]) => {
        const fate = link.fate(of);
        if (fate === 'fails before') throw new Unavailable(`${name}: refused by the soak`);
        const answer: unknown = await Reflect.apply(member, target, args);
        if (fate === 'fails after') throw new Unavailable(`${name}: its answer was lost by the soak`);
        return answer;
      };
    },
  });
}
