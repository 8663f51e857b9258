import { type ComponentProps, useEffect, useState } from 'react';
import styles from './field.module.css';
import { Icon } from './icon.tsx';
import { KeyHint } from './key-hint.tsx';

/** The page's search has this id, so that `/` finds it. */
export const searchFieldId = 'search';

/** Waiting time between the last letter and the search. */
const settleMs = 200;

/** A search that reports what was typed once the typing pauses. */
export function SearchField({
  label,
  value,
  onSearch,
  ...rest
}: { label: string; value: string; onSearch: (text: string) => void } & Pick<
  ComponentProps<'input'>,
  'placeholder'
>) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onSearch(text), settleMs);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <div className={styles.search}>
      <Icon name="search" />
      <input
        id={searchFieldId}
        type="search"
        className={styles.input}
        aria-label={label}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.currentTarget.value)}
        {...rest}
      />
      {text === '' && <KeyHint of="/" />}
    </div>
  );
}
