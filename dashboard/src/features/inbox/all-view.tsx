import { getRouteApi } from '@tanstack/react-router';
import { useReadMarks } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadingState } from '../../components/loading-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { isNarrowed } from '../../lib/inbox-filters.ts';
import { AnomalyList } from './anomaly-list.tsx';
import { ChosenAnomaly } from './chosen-anomaly.tsx';
import { FilterBar } from './filter-bar.tsx';
import { FirstStart } from './first-start.tsx';
import styles from './inbox.module.css';
import { InboxFrame } from './inbox-frame.tsx';
import { useChoice } from './use-choice.ts';
import { type InboxList, useInboxList } from './use-inbox-list.ts';

const route = getRouteApi('/signed-in/ui/inbox');

/** Every anomaly, newest first, narrowed by filters. */
export function AllView() {
  const { anomaly: _, view: __, signal, ...filters } = route.useSearch();
  const readMarks = useReadMarks();
  const list = useInboxList(filters);
  const { chosenId } = useChoice(list.shown.map((item) => item.id));

  const nothingYet = list.query.isSuccess && !list.query.hasNextPage && list.shown.length === 0;
  if (nothingYet && !isNarrowed(filters) && chosenId === undefined) return <FirstStart />;
  const listed = [...list.shown, ...list.held].find((item) => item.id === chosenId);
  return (
    <InboxFrame
      chosenId={chosenId}
      action={
        <Button kind="quiet" icon="check" onClick={() => readMarks.markAllBefore(Date.now())}>
          Mark all as read
        </Button>
      }
      tools={<FilterBar />}
      list={<ListBody list={list} chosenId={chosenId} />}
      detail={
        chosenId === undefined ? (
          <Prompt list={list} />
        ) : (
          <ChosenAnomaly
            key={chosenId}
            id={chosenId}
            signal={signal}
            listed={listed}
            waiting={list.query.isPending}
          />
        )
      }
    />
  );
}

function ListBody({ list, chosenId }: { list: InboxList; chosenId: string | undefined }) {
  const navigate = route.useNavigate();
  if (list.query.isPending) return <LoadingState what="anomalies" />;
  if (list.query.isError && list.query.data === undefined) {
    return (
      <ProblemNotice
        what="The anomalies could not be read"
        error={list.query.error}
        onRetry={() => void list.query.refetch()}
      />
    );
  }
  if (list.shown.length === 0 && !list.query.isFetchingNextPage && !list.mayGoOn && !list.query.hasNextPage) {
    return (
      <EmptyState title="Nothing matches">
        <p>No anomaly fits these filters.</p>
        <Button onClick={() => void navigate({ to: '/ui/inbox', search: {} })}>Show everything</Button>
      </EmptyState>
    );
  }
  return <AnomalyList list={list} chosenId={chosenId} />;
}

function Prompt({ list }: { list: InboxList }) {
  const open = list.shown.filter((item) => item.state === 'open').length;
  const unjudged = list.shown.filter((item) => item.verdicts.length === 0).length;
  if (list.query.data === undefined) return null;
  return (
    <div className={styles.prompt}>
      <strong>
        {open === 0 ? 'Nothing is odd right now' : `${open} open ${open === 1 ? 'anomaly' : 'anomalies'}`}
      </strong>
      <span>
        {unjudged} of the {list.shown.length} listed need a verdict.
      </span>
      <span>
        <kbd>j</kbd> begins with the newest, <kbd>t</kbd> says true, <kbd>f</kbd> false alarm, <kbd>w</kbd>{' '}
        shows what is worth your verdict, <kbd>?</kbd> all keys
      </span>
    </div>
  );
}
