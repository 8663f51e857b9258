import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useModels } from '../../api/models.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { LoadingState } from '../../components/loading-state.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useKeyAction } from '../../components/use-key-action.ts';
import styles from './models.module.css';
import { championText, precisionText } from './trust-text.ts';
import { TrustWord } from './trust-word.tsx';

/** Narrower than this the list and the detail take turns. */
const narrow = '(max-width: 760px)';

/** The models on the left, the chosen one on the right. */
export default function ModelsPage() {
  const query = useModels();
  const navigate = useNavigate();
  const chosen = useParams({ strict: false }).name;
  const models = query.data ?? [];
  const first = models[0]?.name;
  // Where both have room, the first is shown rather than an empty pane.
  useEffect(() => {
    if (chosen === undefined && first !== undefined && !window.matchMedia(narrow).matches) {
      void navigate({ to: '/ui/models/$name', params: { name: first }, search: {}, replace: true });
    }
  }, [chosen, first, navigate]);
  const step = (by: 1 | -1) => {
    const at = models.findIndex((model) => model.name === chosen);
    const next = at < 0 ? models[0] : models[at + by];
    if (next !== undefined)
      void navigate({ to: '/ui/models/$name', params: { name: next.name }, search: {}, replace: true });
  };
  useKeyAction({ next: () => step(1), previous: () => step(-1) });
  return (
    <div className={styles.page} data-chosen={chosen !== undefined}>
      <section className={styles.side} aria-label="All models">
        <div className={styles.heading}>Models</div>
        {query.isPending && <LoadingState what="models" />}
        {query.isError && query.data === undefined && (
          <ProblemNotice
            what="The models could not be read"
            error={query.error}
            onRetry={() => void query.refetch()}
          />
        )}
        {query.isSuccess && models.length === 0 && (
          <EmptyState title="No models yet">
            <p>A model appears when its AnomalyModel is applied.</p>
          </EmptyState>
        )}
        <ul aria-label="Models">
          {models.map((model) => (
            <li key={model.name}>
              <Link
                to="/ui/models/$name"
                params={{ name: model.name }}
                search={{}}
                className={styles.row}
                aria-current={model.name === chosen ? 'page' : undefined}
              >
                <strong>{model.name}</strong>
                <span>{championText(model)}</span>
                <span className={styles.sub}>
                  <TrustWord confidence={model.trust?.confidence ?? null} asked={model.spec.feedback} />
                </span>
                <span className={styles.sub}>{precisionText(model)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.detail} aria-label="Chosen model">
        {chosen === undefined ? (
          <p className={styles.prompt}>Choose a model to see its versions and trainings.</p>
        ) : (
          <Outlet />
        )}
      </section>
    </div>
  );
}
