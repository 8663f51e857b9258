import { useKeyAction } from './use-key-action.ts';

/** Binds the keys for the next and the previous of a list; the first is chosen where none is. */
export function useStepKeys(
  ids: readonly string[],
  chosen: string | undefined,
  choose: (id: string) => void,
): void {
  const step = (by: 1 | -1) => {
    const at = chosen === undefined ? -1 : ids.indexOf(chosen);
    const next = at < 0 ? ids[0] : ids[at + by];
    if (next !== undefined) choose(next);
  };
  useKeyAction({ next: () => step(1), previous: () => step(-1) });
}
