import { useNavigate, useSearch } from '@tanstack/react-router';
import type { PoolView } from '@verdict/contracts';
import { useState } from 'react';
import { useModels } from '../../api/models.ts';
import { useIsAdmin } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { ChoiceField } from '../../components/choice-field.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { versionText } from '../../lib/version-text.ts';
import { CommandNotice } from './command-notice.tsx';
import { confirmationOf } from './confirmation.ts';
import { rollbackChoices } from './rollback-choices.ts';
import styles from './rollout.module.css';
import { useAskedCommand } from './use-asked-command.ts';

/** What an admin can ask of a pool's rollout; what came of it stands below. */
export function RolloutActions({ pool }: { pool: PoolView }) {
  const admin = useIsAdmin();
  const navigate = useNavigate();
  const { rollback } = useSearch({ strict: false });
  const [confirming, setConfirming] = useState<'promote' | 'abort' | null>(null);
  const commands = useAskedCommand(pool);
  const { state } = pool.rollout;
  if (!admin) return <p className={styles.muted}>Only admins can pause, promote, abort and roll back.</p>;

  const chooseRollback = (version: number | undefined) =>
    void navigate({
      to: '/ui/rollout/$pool',
      params: { pool: pool.name },
      search: { rollback: version },
      replace: true,
    });
  const request =
    rollback !== undefined
      ? ({ kind: 'rollback', version: rollback } as const)
      : confirming !== null
        ? { kind: confirming }
        : null;
  const close = () => {
    setConfirming(null);
    if (rollback !== undefined) chooseRollback(undefined);
  };
  const confirmation = request === null ? null : confirmationOf(request, pool);
  const under = state !== null && state.candidate !== null;
  return (
    <section className={styles.actions} aria-label="Commands">
      {state?.paused == null ? (
        <Button icon="minus" disabled={commands.busy} onClick={() => commands.ask({ kind: 'pause' })}>
          Pause
        </Button>
      ) : (
        <Button
          icon="forward"
          disabled={commands.busy || state.paused.by === 'spec'}
          onClick={() => commands.ask({ kind: 'resume' })}
        >
          Resume
        </Button>
      )}
      <Button icon="check" disabled={commands.busy || !under} onClick={() => setConfirming('promote')}>
        Promote…
      </Button>
      <Button icon="undo" disabled={commands.busy || !under} onClick={() => setConfirming('abort')}>
        Abort…
      </Button>
      <RollbackField pool={pool} chosen={rollback} onChoose={chooseRollback} />
      {commands.status !== null && <CommandNotice status={commands.status} />}
      {commands.error !== null && (
        <ProblemNotice what="The command was not taken" error={commands.error} onRetry={commands.again} />
      )}
      {confirmation !== null && request !== null && (
        <ConfirmDialog
          open
          title={confirmation.title}
          about={confirmation.about}
          action={confirmation.action}
          busy={commands.busy}
          onClose={close}
          onConfirm={() => {
            commands.ask(request);
            close();
          }}
        />
      )}
    </section>
  );
}

function RollbackField(props: {
  pool: PoolView;
  chosen: number | undefined;
  onChoose: (version: number | undefined) => void;
}) {
  const { pool } = props;
  const models = useModels();
  const model = models.data?.find(
    ({ name, namespace }) => name === pool.spec.model && namespace === pool.namespace,
  );
  const choices = rollbackChoices(model?.versions ?? [], pool.rollout.state);
  if (choices.length === 0) return null;
  return (
    <div className={styles.rollback}>
      <ChoiceField
        label="Roll back to a version"
        any="Roll back to…"
        value={choices.find((version) => version === props.chosen)?.toString()}
        choices={choices.map((version) => ({ value: version.toString(), text: versionText(version) }))}
        onChoose={(value) => props.onChoose(value === undefined ? undefined : Number(value))}
      />
    </div>
  );
}
