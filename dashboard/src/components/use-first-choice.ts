import { useEffect } from 'react';
import { narrowScreen } from './narrow-screen.ts';

/** Where list and detail both have room, chooses the first rather than show an empty pane. */
export function useFirstChoice(
  first: string | undefined,
  chosen: string | undefined,
  choose: (id: string) => void,
): void {
  useEffect(() => {
    if (chosen === undefined && first !== undefined && !window.matchMedia(narrowScreen).matches)
      choose(first);
  }, [chosen, first, choose]);
}
