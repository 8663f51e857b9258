import type { ModelView } from '@verdict/contracts';
import { useState } from 'react';
import { useAskTraining } from '../../api/models.ts';
import { useIsAdmin } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { Icon, type IconName } from '../../components/icon.tsx';
import { LinkButton } from '../../components/link-button.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { type AskedTraining, askedTraining } from './asked-training.ts';
import styles from './trust.module.css';
import { usePoolsOf } from './use-pools-of.ts';

const icons: Record<AskedTraining['state'], IconName> = {
  waits: 'more',
  runs: 'more',
  succeeded: 'check',
  refused: 'false',
  failed: 'warning',
};

/** Retrain now, with what became of it, and the ways to the rollouts of the model's pools. */
export function TrainingActions({ model }: { model: ModelView }) {
  const admin = useIsAdmin();
  const { pools } = usePoolsOf(model);
  const mutation = useAskTraining(model);
  const [triggerId, setTriggerId] = useState<string | null>(null);
  const asked = askedTraining(model, triggerId);
  const ask = () => mutation.mutate(undefined, { onSuccess: (answer) => setTriggerId(answer.triggerId) });
  const busy = mutation.isPending || asked?.state === 'waits' || asked?.state === 'runs';
  return (
    <div className={styles.actions}>
      {admin && (
        <Button icon="models" disabled={busy} onClick={ask}>
          Retrain now
        </Button>
      )}
      {pools.map((pool) => (
        <LinkButton
          key={pool.name}
          icon="rollout"
          to="/ui/rollout/$pool"
          params={{ pool: pool.name }}
          search={{}}
        >
          {pools.length === 1 ? 'Rollout' : `Rollout of ${pool.name}`}
        </LinkButton>
      ))}
      {model.spec.paused && (
        <span className={styles.muted}>Trainings are paused: it is trained only when somebody asks.</span>
      )}
      {asked !== null && (
        <p className={styles.asked} data-state={asked.state} role="status">
          <Icon name={icons[asked.state]} size={14} /> <span>{asked.text}</span>
        </p>
      )}
      {mutation.error !== null && (
        <ProblemNotice what="The training was not asked for" error={mutation.error} onRetry={ask} />
      )}
    </div>
  );
}
