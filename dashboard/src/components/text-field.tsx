import { type ComponentProps, useId } from 'react';
import styles from './field.module.css';

/** A line of text with its label above. */
export function TextField({
  label,
  ...rest
}: { label: string } & Omit<ComponentProps<'input'>, 'id' | 'className'>) {
  const id = useId();
  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input id={id} className={styles.input} {...rest} />
    </div>
  );
}

/** Several lines of text with their label above. */
export function TextArea({
  label,
  ...rest
}: { label: string } & Omit<ComponentProps<'textarea'>, 'id' | 'className'>) {
  const id = useId();
  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <textarea id={id} className={styles.input} {...rest} />
    </div>
  );
}
