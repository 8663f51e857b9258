import type { Anomaly } from '@verdict/contracts';
import { ToggleGroup } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Icon } from '../../components/icon.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { TextArea } from '../../components/text-field.tsx';
import { useKeyAction } from '../../components/use-key-action.ts';
import styles from './detail.module.css';
import { useMyVerdict } from './use-my-verdict.ts';
import { VerdictList } from './verdict-list.tsx';

const reasons = ['deployment', 'maintenance', 'load test', 'seasonal', 'other'] as const;
const commentId = 'verdict-comment';

/** The question that the product asks: was this a real anomaly? One key answers; reason and comment may follow. */
export function VerdictPanel({ anomaly }: { anomaly: Anomaly }) {
  const mine = useMyVerdict(anomaly);
  const [reason, setReason] = useState<string | null>(mine.current?.reason ?? null);
  const [comment, setComment] = useState(mine.current?.comment ?? '');
  const [commenting, setCommenting] = useState(false);
  const { current, pending } = mine;
  const answer = (verdict: 'true' | 'false') => mine.send(verdict, { reason, comment });
  const undo = () => {
    if (current !== undefined) mine.send('withdrawn');
  };
  useKeyAction({ answerTrue: () => answer('true'), answerFalse: () => answer('false'), undo });

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
        {current !== undefined && (
          <Button kind="quiet" icon="undo" disabled={!mine.allowed} aria-keyshortcuts="u" onClick={undo}>
            Undo <KeyHint of="u" />
          </Button>
        )}
        <span className={styles.receipt} role="status">
          {receiptText(mine)}
        </span>
      </div>
      {pending?.phase === 'failed' && (
        <ProblemNotice
          what="Your answer was not taken"
          error={new Error(pending.problem ?? 'no reason given')}
          onRetry={mine.again}
        />
      )}
      <div className={styles.reasons}>
        <span id="reason-label">Reason</span>
        <ToggleGroup.Root
          type="single"
          className={styles.reasons}
          aria-labelledby="reason-label"
          disabled={!mine.allowed}
          value={reason ?? ''}
          onValueChange={(value) => {
            const next = value === '' ? null : value;
            setReason(next);
            if (current !== undefined) mine.send(current.verdict, { reason: next, comment });
          }}
        >
          {reasons.map((item) => (
            <ToggleGroup.Item key={item} value={item} className={styles.chip}>
              {item}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
        {!commenting && (
          <Button kind="quiet" icon="comment" disabled={!mine.allowed} onClick={() => setCommenting(true)}>
            {comment === '' ? 'Add a comment' : 'Edit the comment'}
          </Button>
        )}
      </div>
      {commenting && (
        <form
          className={styles.comment}
          onSubmit={(event) => {
            event.preventDefault();
            setCommenting(false);
            if (current !== undefined) mine.send(current.verdict, { reason, comment });
          }}
        >
          <TextArea
            label="Comment"
            name={commentId}
            rows={2}
            maxLength={2000}
            autoFocus
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <Button type="submit">{current === undefined ? 'Keep for my answer' : 'Save comment'}</Button>
        </form>
      )}
      <VerdictList verdicts={anomaly.verdicts} person={mine.person} />
    </section>
  );
}

function receiptText(mine: ReturnType<typeof useMyVerdict>) {
  const { pending } = mine;
  if (!mine.allowed) return 'Your role may look, not judge.';
  if (pending?.phase === 'sending') return 'sending…';
  if (pending?.phase === 'accepted') {
    return pending.verdict === 'withdrawn' ? 'kept; taking it back…' : 'kept; on its way to the model…';
  }
  if (pending === undefined && mine.kept !== undefined) {
    return (
      <>
        <Icon name="check" size={14} /> counted
      </>
    );
  }
  return null;
}
