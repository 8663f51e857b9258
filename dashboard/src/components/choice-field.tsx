import styles from './field.module.css';

/** A compact choice among few; the first, empty one means no restriction. It looks different while it restricts. */
export function ChoiceField<T extends string>(props: {
  label: string;
  any: string;
  value: T | undefined;
  choices: readonly { value: T; text: string }[];
  onChoose: (value: T | undefined) => void;
}) {
  return (
    <select
      className={styles.select}
      aria-label={props.label}
      data-set={props.value !== undefined}
      value={props.value ?? ''}
      onChange={(event) =>
        props.onChoose(props.choices.find((choice) => choice.value === event.currentTarget.value)?.value)
      }
    >
      <option value="">{props.any}</option>
      {props.choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.text}
        </option>
      ))}
    </select>
  );
}
