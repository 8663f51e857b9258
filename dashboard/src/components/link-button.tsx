import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import styles from './button.module.css';
import { Icon, type IconName } from './icon.tsx';

type AnchorProps = Omit<ComponentProps<'a'>, 'className'> & {
  kind?: 'normal' | 'primary' | 'quiet';
  icon?: IconName;
};

function Anchor({ kind = 'normal', icon, children, ...rest }: AnchorProps) {
  return (
    <a className={styles.button} data-kind={kind} {...rest}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** A link that looks like a button: it leads to the place where something is done. */
export const LinkButton = createLink(Anchor);
