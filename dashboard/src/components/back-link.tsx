import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { Icon } from './icon.tsx';
import styles from './list-and-detail.module.css';

function Anchor({ children, ...rest }: Omit<ComponentProps<'a'>, 'className'>) {
  return (
    <div className={styles.back}>
      <a {...rest}>
        <Icon name="back" size={12} /> {children}
      </a>
    </div>
  );
}

/** The way from a detail to its list, where the two take turns. */
export const BackLink = createLink(Anchor);
