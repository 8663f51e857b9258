import type { ComponentProps } from 'react';
import styles from './field.module.css';
import { Labelled } from './labelled.tsx';

/** A line of text with its label above. */
export function TextField({
  label,
  ...rest
}: { label: string } & Omit<ComponentProps<'input'>, 'id' | 'className'>) {
  return <Labelled label={label} field={(id) => <input id={id} className={styles.input} {...rest} />} />;
}

/** Several lines of text with their label above. */
export function TextArea({
  label,
  ...rest
}: { label: string } & Omit<ComponentProps<'textarea'>, 'id' | 'className'>) {
  return <Labelled label={label} field={(id) => <textarea id={id} className={styles.input} {...rest} />} />;
}
