import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ListAndDetail } from '../../components/list-and-detail.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { useKeyAction } from '../../components/use-key-action.ts';
import styles from './inbox.module.css';
import { chosenAnomalyId } from './use-choice.ts';

const route = getRouteApi('/signed-in/ui/inbox');
const views = [
  { value: 'all', text: 'All' },
  { value: 'worth', text: 'Worth your verdict' },
] as const;

/** What both views of the inbox share: a list on the left under a heading and the switch, the chosen one on the right. */
export function InboxFrame(props: {
  /** Beside the heading. */
  action?: ReactNode;
  /** Under the switch. */
  tools?: ReactNode;
  list: ReactNode;
  detail: ReactNode;
  chosenId: string | undefined;
}) {
  const view = route.useSearch({ select: (search) => search.view ?? 'all' });
  const navigate = route.useNavigate();
  // A chosen anomaly stays chosen: it may be in the other view as well.
  const show = (next: 'all' | 'worth') =>
    void navigate({
      to: '/ui/inbox',
      search: (known) => ({ ...known, view: next === 'worth' ? next : undefined }),
      replace: true,
    });
  useKeyAction({ switchView: () => show(view === 'all' ? 'worth' : 'all') });
  return (
    <ListAndDetail
      names={{ list: 'Inbox', detail: 'Chosen anomaly' }}
      className={styles.page}
      chosen={props.chosenId !== undefined}
      detailId={chosenAnomalyId}
      list={
        <div className={styles.side}>
          <div className={styles.head}>
            <div className={styles.title}>
              <div className={styles.heading}>Inbox</div>
              {props.action}
            </div>
            <Segmented label="View of the inbox" value={view} choices={views} onChoose={show} wide />
            {props.tools}
          </div>
          {props.list}
        </div>
      }
      detail={props.detail}
    />
  );
}
