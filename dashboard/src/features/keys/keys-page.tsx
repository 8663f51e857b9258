import type { ApiKeyCreated, ApiKeyView } from '@verdict/contracts';
import { useState } from 'react';
import { useApiKeys, useRevokeApiKey } from '../../api/keys.ts';
import { useIsAdmin } from '../../api/services.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListStates } from '../../components/list-states.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { isGood, keyBeginning, keyScope } from '../../lib/key-text.ts';
import styles from './keys.module.css';
import { KeysTable } from './keys-table.tsx';
import { MakeKeyDialog } from './make-key-dialog.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { RotateKeyDialog } from './rotate-key-dialog.tsx';

/** What is asked over the page; one thing at a time. */
type Asked =
  | { kind: 'make' }
  | { kind: 'rotate' | 'revoke'; key: ApiKeyView }
  | { kind: 'shown'; created: ApiKeyCreated };

/** Keys with which producers send readings: who has one, when it was last used, and how long it is good. */
export default function KeysPage() {
  const keys = useApiKeys();
  const revoke = useRevokeApiKey();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [ended, setEnded] = useState(false);
  const close = () => setAsked(null);
  const show = (created: ApiKeyCreated) => setAsked({ kind: 'shown', created });
  if (!useIsAdmin())
    return (
      <EmptyState title="API keys are for admins">
        <p>Whoever administers Verdict makes keys for producers, here or with the command line.</p>
      </EmptyState>
    );
  const all = keys.data ?? [];
  const items = ended ? all : all.filter(isGood);
  const endedCount = all.length - all.filter(isGood).length;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.heading}>API keys</div>
        <div className={styles.actions}>
          {endedCount > 0 && (
            <Button kind="quiet" aria-pressed={ended} onClick={() => setEnded(!ended)}>
              {`Ended (${endedCount})`}
            </Button>
          )}
          <Button kind="primary" icon="plus" onClick={() => setAsked({ kind: 'make' })}>
            Make a key
          </Button>
        </div>
      </div>
      {revoke.isError && <ProblemNotice what="The key was not revoked" error={revoke.error} />}
      <ListStates query={keys} name="keys" empty={items.length === 0} emptyTitle="No key is good now">
        <p>
          Make one for each producer: it sends readings of the series that you say, and can do nothing else.
        </p>
      </ListStates>
      {items.length > 0 && (
        <KeysTable
          items={items}
          onRotate={(key) => setAsked({ kind: 'rotate', key })}
          onRevoke={(key) => setAsked({ kind: 'revoke', key })}
        />
      )}
      {asked?.kind === 'make' && <MakeKeyDialog onMade={show} onClose={close} />}
      {asked?.kind === 'rotate' && <RotateKeyDialog apiKey={asked.key} onMade={show} onClose={close} />}
      {asked?.kind === 'shown' && <NewKeyDialog created={asked.created} onDone={close} />}
      <ConfirmDialog
        open={asked?.kind === 'revoke'}
        title={asked?.kind === 'revoke' ? `Revoke the key of ${asked.key.name}?` : ''}
        about="Whoever sends with it is refused from now on. This cannot be undone; to change a key without a gap, rotate it."
        action="Revoke it"
        busy={revoke.isPending}
        onConfirm={() => {
          if (asked?.kind !== 'revoke') return;
          close();
          revoke.mutate(asked.key.id);
        }}
        onClose={close}
      >
        {asked?.kind === 'revoke' && (
          <p>
            <code>{keyBeginning(asked.key)}</code>, {keyScope(asked.key)}
          </p>
        )}
      </ConfirmDialog>
    </div>
  );
}
