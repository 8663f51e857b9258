import { type ReactNode, useId } from 'react';
import styles from './field.module.css';

/** A field with its label above; `field` draws it with the id that the label points at. */
export function Labelled({ label, field }: { label: string; field: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {field(id)}
    </div>
  );
}
