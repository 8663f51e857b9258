import type { ReactNode } from 'react';
import styles from './list-and-detail.module.css';

/** A list on the left, the chosen one on the right; where there is no room for both they take turns. */
export function ListAndDetail(props: {
  /** Names of both parts for those who cannot see them. */
  names: { list: string; detail: string };
  list: ReactNode;
  detail: ReactNode;
  /** Something is chosen. */
  chosen: boolean;
  /** With it the focus can be moved to the detail. */
  detailId?: string;
  /** May set `--list-width`. */
  className?: string;
}) {
  const focusable = props.detailId === undefined ? {} : { id: props.detailId, tabIndex: -1 };
  const look = props.className === undefined ? styles.page : `${styles.page} ${props.className}`;
  return (
    <div className={look} data-chosen={props.chosen}>
      <section className={styles.list} aria-label={props.names.list}>
        {props.list}
      </section>
      <section className={styles.detail} aria-label={props.names.detail} {...focusable}>
        {props.detail}
      </section>
    </div>
  );
}
