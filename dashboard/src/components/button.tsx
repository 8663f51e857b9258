import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { Icon, type IconName } from './icon.tsx';

type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  kind?: 'normal' | 'primary' | 'quiet';
  icon?: IconName;
};

/** A button with a word on it, and perhaps a drawing before the word. */
export function Button({ kind = 'normal', icon, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={styles.button} data-kind={kind} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button with a drawing alone: its name is read out and shown on hover. */
export function IconButton({
  icon,
  label,
  ...rest
}: Omit<ButtonProps, 'children' | 'kind'> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      className={styles.button}
      data-kind="quiet"
      data-square=""
      aria-label={label}
      title={label}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
