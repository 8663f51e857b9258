import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import styles from './confirm-dialog.module.css';
import { Modal } from './modal.tsx';

/** Asks once more before something that is not easily undone; says what will happen. */
export function ConfirmDialog(props: {
  open: boolean;
  title: string;
  /** What will happen. */
  about: string;
  /** Name of the button that does it. */
  action: string;
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <Modal open={props.open} title={props.title} about={props.about} onClose={props.onClose}>
      {props.children}
      <div className={styles.choices}>
        <Button onClick={props.onClose}>Cancel</Button>
        <Button kind="primary" disabled={props.busy === true} onClick={props.onConfirm}>
          {props.action}
        </Button>
      </div>
    </Modal>
  );
}
