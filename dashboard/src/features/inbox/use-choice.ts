import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useReadMarks } from '../../api/services.ts';
import { useKeyAction } from '../../components/use-key-action.ts';

const route = getRouteApi('/signed-in/ui/inbox');

/** The chosen anomaly of a list: kept in the URL, moved by keys, marked as read. */
export function useChoice(ids: readonly string[]) {
  const chosenId = route.useSearch({ select: (search) => search.anomaly });
  const navigate = route.useNavigate();
  const readMarks = useReadMarks();
  const choose = useCallback(
    (id: string | undefined) =>
      void navigate({
        to: '/ui/inbox',
        search: (known) => ({ ...known, anomaly: id, signal: undefined }),
        replace: true,
      }),
    [navigate],
  );
  const step = (by: 1 | -1) => {
    const at = chosenId === undefined ? -1 : ids.indexOf(chosenId);
    const next = at < 0 ? ids[0] : ids[at + by];
    if (next !== undefined) choose(next);
  };
  useKeyAction({
    next: () => step(1),
    previous: () => step(-1),
    open: () => document.getElementById('chosen')?.focus(),
    close: () => choose(undefined),
  });
  useEffect(() => {
    if (chosenId !== undefined) readMarks.mark(chosenId);
  }, [chosenId, readMarks]);
  return { chosenId, choose };
}
