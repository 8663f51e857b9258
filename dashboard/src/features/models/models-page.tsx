import { Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useModels } from '../../api/models.ts';
import { ListAndDetail } from '../../components/list-and-detail.tsx';
import { ListLink } from '../../components/list-link.tsx';
import { ListStates } from '../../components/list-states.tsx';
import { useFirstChoice } from '../../components/use-first-choice.ts';
import { useStepKeys } from '../../components/use-step-keys.ts';
import styles from './models.module.css';
import { championText, precisionText } from './trust-text.ts';
import { TrustWord } from './trust-word.tsx';

/** The models on the left, the chosen one on the right. */
export default function ModelsPage() {
  const query = useModels();
  const navigate = useNavigate();
  const chosen = useParams({ strict: false }).name;
  const models = query.data ?? [];
  const choose = useCallback(
    (name: string) => void navigate({ to: '/ui/models/$name', params: { name }, search: {}, replace: true }),
    [navigate],
  );
  useFirstChoice(models[0]?.name, chosen, choose);
  useStepKeys(
    models.map(({ name }) => name),
    chosen,
    choose,
  );
  const list = (
    <>
      <div className={styles.heading}>Models</div>
      <ListStates query={query} name="models" empty={models.length === 0} emptyTitle="No models yet">
        <p>A model appears when its AnomalyModel is applied.</p>
      </ListStates>
      <ul aria-label="Models">
        {models.map((model) => (
          <li key={model.name}>
            <ListLink
              to="/ui/models/$name"
              params={{ name: model.name }}
              search={{}}
              className={styles.row}
              chosen={model.name === chosen}
            >
              <strong>{model.name}</strong>
              <span>{championText(model)}</span>
              <span className={styles.sub}>
                <TrustWord confidence={model.trust?.confidence ?? null} asked={model.spec.feedback} />
              </span>
              <span className={styles.sub}>{precisionText(model)}</span>
            </ListLink>
          </li>
        ))}
      </ul>
    </>
  );
  return (
    <ListAndDetail
      names={{ list: 'All models', detail: 'Chosen model' }}
      chosen={chosen !== undefined}
      list={list}
      detail={
        chosen === undefined ? (
          <p className={styles.prompt}>Choose a model to see its versions and trainings.</p>
        ) : (
          <Outlet />
        )
      }
    />
  );
}
