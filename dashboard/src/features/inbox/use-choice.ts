import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { useReadMarks } from '../../api/services.ts';
import { useKeyAction } from '../../components/use-key-action.ts';
import { useStepKeys } from '../../components/use-step-keys.ts';

const route = getRouteApi('/signed-in/ui/inbox');

/** The part of the page with the chosen anomaly has this id, so that a key finds it. */
export const chosenAnomalyId = 'chosen';

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
  useStepKeys(ids, chosenId, choose);
  useKeyAction({
    open: () => document.getElementById(chosenAnomalyId)?.focus(),
    close: () => choose(undefined),
  });
  useEffect(() => {
    if (chosenId !== undefined) readMarks.mark(chosenId);
  }, [chosenId, readMarks]);
  return { chosenId, choose };
}
