import { useState } from 'react';
import { Button } from './button.tsx';
import styles from './notice.module.css';

/** A command to run in a terminal, with a way to copy it. */
export function CommandBlock({ label, command }: { label: string; command: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const copy = () => {
    // A page served over plain http from another machine has no clipboard.
    const written = navigator.clipboard?.writeText(command) ?? Promise.reject(new Error('no clipboard'));
    written.then(
      () => setCopied('yes'),
      () => setCopied('refused'),
    );
  };
  return (
    <div className={styles.command}>
      <div className={styles.commandHead}>
        <span>{label}</span>
        <Button icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy} aria-live="polite">
          {copied === 'yes' ? 'Copied' : copied === 'refused' ? 'Select it' : 'Copy'}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section tabIndex={0} aria-label={label}>
        <pre>{command}</pre>
      </section>
    </div>
  );
}
