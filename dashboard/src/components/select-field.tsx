import { type ComponentProps, useId } from 'react';
import styles from './field.module.css';

/** A choice among few with its label above; the first is chosen unless `defaultValue` says another. */
export function SelectField({
  label,
  choices,
  ...rest
}: { label: string; choices: readonly { value: string; text: string }[] } & Omit<
  ComponentProps<'select'>,
  'id' | 'className' | 'children'
>) {
  const id = useId();
  return (
    <div>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <select id={id} className={styles.input} {...rest}>
        {choices.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
