import { ToggleGroup } from 'radix-ui';
import styles from './segmented.module.css';

/** One choice of few, all in sight. `value` undefined: none of them. */
export function Segmented<T extends string>(props: {
  label: string;
  value: T | undefined;
  choices: readonly { value: T; text: string }[];
  onChoose: (value: T) => void;
  /** Fills its place, all choices equally wide. */
  wide?: boolean;
}) {
  return (
    <ToggleGroup.Root
      type="single"
      className={styles.group}
      data-wide={props.wide === true ? '' : undefined}
      aria-label={props.label}
      value={props.value ?? ''}
      onValueChange={(value) => {
        const chosen = props.choices.find((choice) => choice.value === value);
        if (chosen !== undefined) props.onChoose(chosen.value);
      }}
    >
      {props.choices.map((choice) => (
        <ToggleGroup.Item key={choice.value} value={choice.value} className={styles.item}>
          {choice.text}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
