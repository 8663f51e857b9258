import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import styles from './list-link.module.css';

function Anchor({ chosen, className, ...rest }: ComponentProps<'a'> & { chosen: boolean }) {
  return <a className={`${styles.link} ${className}`} aria-current={chosen ? 'page' : undefined} {...rest} />;
}

/** A row of a list that leads to its detail; the chosen one stands out. `className` lays the row out. */
export const ListLink = createLink(Anchor);
