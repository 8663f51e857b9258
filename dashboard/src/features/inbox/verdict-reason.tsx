import { ToggleGroup } from 'radix-ui';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/text-field.tsx';
import styles from './detail.module.css';

const reasons = ['deployment', 'maintenance', 'load test', 'seasonal', 'other'] as const;
const commentId = 'verdict-comment';

/** Why somebody answers so: a short reason, and a comment in their own words. */
export function VerdictReason(props: {
  disabled: boolean;
  /** There is an answer that both belong to already. */
  answered: boolean;
  reason: string | null;
  comment: string;
  onReason: (reason: string | null) => void;
  onComment: (comment: string) => void;
  /** The comment is finished. */
  onCommented: () => void;
}) {
  const [commenting, setCommenting] = useState(false);
  return (
    <>
      <div className={styles.reasons}>
        <span id="reason-label">Reason</span>
        <ToggleGroup.Root
          type="single"
          className={styles.reasons}
          aria-labelledby="reason-label"
          disabled={props.disabled}
          value={props.reason ?? ''}
          onValueChange={(value) => props.onReason(value === '' ? null : value)}
        >
          {reasons.map((item) => (
            <ToggleGroup.Item key={item} value={item} className={styles.chip}>
              {item}
            </ToggleGroup.Item>
          ))}
        </ToggleGroup.Root>
        {!commenting && (
          <Button kind="quiet" icon="comment" disabled={props.disabled} onClick={() => setCommenting(true)}>
            {props.comment === '' ? 'Add a comment' : 'Edit the comment'}
          </Button>
        )}
      </div>
      {commenting && (
        <form
          className={styles.comment}
          onSubmit={(event) => {
            event.preventDefault();
            setCommenting(false);
            props.onCommented();
          }}
        >
          <TextArea
            label="Comment"
            name={commentId}
            rows={2}
            maxLength={2000}
            autoFocus
            value={props.comment}
            onChange={(event) => props.onComment(event.currentTarget.value)}
          />
          <Button type="submit">{props.answered ? 'Save comment' : 'Keep for my answer'}</Button>
        </form>
      )}
    </>
  );
}
