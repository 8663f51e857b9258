import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { Modal } from '../../components/modal.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import styles from './keys.module.css';

/** A dialog that asks what a key is to be like, and says so when it could not be made. */
export function KeyForm(props: {
  title: string;
  about: string;
  /** Name of the button that makes the key. */
  action: string;
  /** The request that makes it. */
  request: { isPending: boolean; isError: boolean; error: unknown };
  /** What to say when that failed. */
  failed: string;
  onSubmit: (form: FormData) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const { request } = props;
  return (
    <Modal open title={props.title} about={props.about} onClose={props.onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          props.onSubmit(new FormData(event.currentTarget));
        }}
      >
        {props.children}
        {request.isError && <ProblemNotice what={props.failed} error={request.error} />}
        <div className={styles.choices}>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={request.isPending}>
            {props.action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
