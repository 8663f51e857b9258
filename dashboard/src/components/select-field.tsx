import type { ComponentProps } from 'react';
import styles from './field.module.css';
import { Labelled } from './labelled.tsx';

/** A choice among few with its label above; the first is chosen unless `defaultValue` says another. */
export function SelectField({
  label,
  choices,
  ...rest
}: { label: string; choices: readonly { value: string; text: string }[] } & Omit<
  ComponentProps<'select'>,
  'id' | 'className' | 'children'
>) {
  return (
    <Labelled
      label={label}
      field={(id) => (
        <select id={id} className={styles.input} {...rest}>
          {choices.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}
