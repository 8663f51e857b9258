import type { Anomaly } from '@verdict/contracts';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { useKeptHeight } from '../../components/use-kept-height.ts';
import { useKeyAction } from '../../components/use-key-action.ts';
import { uncountedText } from '../../lib/flood-text.ts';
import styles from './detail.module.css';
import { useMyVerdict } from './use-my-verdict.ts';
import { VerdictList } from './verdict-list.tsx';
import { VerdictReason } from './verdict-reason.tsx';
import { VerdictReceipt } from './verdict-receipt.tsx';

/**
 * The question that the product asks: was this a real anomaly? One key answers; reason and comment may follow. Below,
 * who said what and what it did; their place is kept before there is an answer, so that nothing jumps.
 */
export function VerdictPanel(props: { anomaly: Anomaly; onAnswered?: (anomaly: Anomaly) => void }) {
  const { anomaly, onAnswered } = props;
  const mine = useMyVerdict(anomaly);
  const [reason, setReason] = useState<string | null>(mine.current?.reason ?? null);
  const [comment, setComment] = useState(mine.current?.comment ?? '');
  const { current, pending } = mine;
  const outcome = useKeptHeight<HTMLDivElement>();
  const answer = (verdict: 'true' | 'false') => {
    if (!mine.allowed) return;
    mine.send(verdict, { reason, comment });
    onAnswered?.(anomaly);
  };
  const undo = () => mine.send('withdrawn');
  useKeyAction({
    answerTrue: () => answer('true'),
    answerFalse: () => answer('false'),
    undo: current === undefined ? undefined : undo,
  });

  return (
    <section className={styles.verdict} aria-label="Your verdict">
      <div className={styles.answers}>
        <Button
          icon="check"
          disabled={!mine.allowed}
          aria-pressed={current?.verdict === 'true'}
          aria-keyshortcuts="t"
          onClick={() => answer('true')}
        >
          True anomaly <KeyHint of="t" />
        </Button>
        <Button
          icon="false"
          disabled={!mine.allowed}
          aria-pressed={current?.verdict === 'false'}
          aria-keyshortcuts="f"
          onClick={() => answer('false')}
        >
          False alarm <KeyHint of="f" />
        </Button>
        <span className={styles.progress} role="status">
          {progressText(mine)}
        </span>
      </div>
      {pending?.phase === 'failed' && (
        <ProblemNotice
          what="Your answer was not taken"
          error={new Error(pending.problem ?? 'no reason given')}
          onRetry={mine.again}
        />
      )}
      <VerdictReason
        disabled={!mine.allowed}
        answered={current !== undefined}
        reason={reason}
        comment={comment}
        onReason={(next) => {
          setReason(next);
          if (current !== undefined) mine.send(current.verdict, { reason: next, comment });
        }}
        onComment={setComment}
        onCommented={() => {
          if (current !== undefined) mine.send(current.verdict, { reason, comment });
        }}
      />
      <div>
        <div className={styles.outcome} ref={outcome}>
          <VerdictReceipt
            anomaly={anomaly}
            pending={pending}
            onUndo={current === undefined || !mine.allowed ? undefined : undo}
          />
          <VerdictList verdicts={anomaly.verdicts} person={mine.person} />
        </div>
      </div>
    </section>
  );
}

function progressText(mine: ReturnType<typeof useMyVerdict>) {
  const { pending } = mine;
  if (!mine.allowed) return 'Your role may look, not judge.';
  if (pending?.phase === 'sending') return 'sending…';
  if (pending?.phase === 'accepted') {
    return pending.verdict === 'withdrawn' ? 'kept; taking it back…' : 'kept; on its way to the model…';
  }
  if (pending === undefined && mine.kept?.uncounted !== undefined) return uncountedText(mine.kept);
  if (pending === undefined && mine.kept !== undefined) {
    return (
      <>
        <Icon name="check" size={14} /> counted
      </>
    );
  }
  return null;
}
