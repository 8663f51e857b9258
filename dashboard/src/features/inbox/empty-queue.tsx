import { useAnomalies } from '../../api/anomalies.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { useNow } from '../../components/use-now.ts';
import { flattenPages } from '../../lib/anomaly-list.ts';
import { whyNothingToAsk } from '../../lib/worth-text.ts';

/** Says why nothing is worth asking, and what would change that. */
export function EmptyQueue({ person }: { person: string }) {
  const query = useAnomalies({});
  const nowMs = useNow(60_000);
  const anomalies = flattenPages(query.data?.pages ?? []);
  return (
    <EmptyState title="Nothing to ask">
      {query.data !== undefined && <p>{whyNothingToAsk(anomalies, { person, nowMs })}</p>}
      <p>
        Here appear anomalies near the threshold, on series that nobody has judged, or on which people
        disagree.
      </p>
    </EmptyState>
  );
}
