import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './modal.module.css';

/** A dialog over the page. Without `onClose` it stays until what it asks for is done. */
export function Modal(props: {
  open: boolean;
  title: string;
  about: string;
  onClose?: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog.Root open={props.open} onOpenChange={(open) => !open && props.onClose?.()}>
      <Dialog.Portal>
        {/* Not the overlay of the library: it would write a style sheet into the page, which the page may not have. */}
        <div className={styles.scrim} aria-hidden="true" />
        <Dialog.Content className={styles.dialog}>
          <Dialog.Title asChild>
            <h2>{props.title}</h2>
          </Dialog.Title>
          <Dialog.Description className={styles.about}>{props.about}</Dialog.Description>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
