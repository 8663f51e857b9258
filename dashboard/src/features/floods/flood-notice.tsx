import type { Flood } from '@verdict/contracts';
import { useState } from 'react';
import { useOpenFloods, useReviewFlood } from '../../api/floods.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Icon } from '../../components/icon.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { floodText } from '../../lib/flood-text.ts';
import styles from './floods.module.css';

type Decision = 'accept' | 'discard';

/** Tells an admin of answers that came much faster than usual, and asks whether they are to count. */
export default function FloodNotice() {
  const floods = useOpenFloods();
  const review = useReviewFlood();
  const [asked, setAsked] = useState<{ flood: Flood; decision: Decision } | null>(null);
  const [first] = floods;
  if (first === undefined) return null;
  const ask = (decision: Decision) => setAsked({ flood: first, decision });
  const close = () => setAsked(null);
  const confirm = () => {
    if (asked === null) return;
    // Closed before the notice goes: it is what the dialog belongs to.
    close();
    review.mutate({ id: asked.flood.id, decision: asked.decision });
  };
  return (
    <section className={styles.flood} aria-label="Answers that wait for a review">
      <Icon name="warning" />
      <p className={styles.text}>
        <strong>
          {floods.length === 1 ? 'Answers wait' : `${floods.length} floods of answers wait`} for your review.
        </strong>{' '}
        {floodText(first)} From <TimeText at={first.from} />. They count for nothing until you decide.
      </p>
      <div className={styles.choices}>
        <Button icon="check" disabled={review.isPending} onClick={() => ask('accept')}>
          Accept
        </Button>
        <Button icon="false" disabled={review.isPending} onClick={() => ask('discard')}>
          Discard
        </Button>
      </div>
      {review.error !== null && <ProblemNotice what="The review was not taken" error={review.error} />}
      <ConfirmDialog
        open={asked !== null}
        title={asked?.decision === 'accept' ? 'Let these answers count?' : 'Discard these answers?'}
        about={
          asked?.decision === 'accept'
            ? 'They move confidence, the false-alarm memory and trainings from now on. This cannot be undone.'
            : 'They stay to be read, and never count. This cannot be undone.'
        }
        action={asked?.decision === 'accept' ? 'Let them count' : 'Discard them'}
        onConfirm={confirm}
        onClose={close}
      >
        {asked !== null && <p>{floodText(asked.flood)}</p>}
      </ConfirmDialog>
    </section>
  );
}
