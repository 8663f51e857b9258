import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Modal } from '../components/modal.tsx';
import { letterKeysOn, setLetterKeys } from '../components/use-key-action.ts';
import { keyHelp } from '../lib/keyboard.ts';
import styles from './shell.module.css';

/** All shortcuts, and the switch for single letters. */
export function KeyHelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [letters, setLetters] = useState(letterKeysOn);
  return (
    <Modal
      open={open}
      onClose={onClose}
      title="Keyboard shortcuts"
      about="The inbox can be worked without the mouse."
    >
      <dl className={styles.keys}>
        {keyHelp.map((line) => (
          <div key={line.does} style={{ display: 'contents' }}>
            <dt>
              {line.keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{line.does}</dd>
          </div>
        ))}
      </dl>
      <label className={styles.switch}>
        <input
          type="checkbox"
          checked={letters}
          onChange={(event) => {
            setLetterKeys(event.currentTarget.checked);
            setLetters(event.currentTarget.checked);
          }}
        />
        Single-letter keys are on (switch them off when you use speech control)
      </label>
      <Button onClick={onClose}>Close</Button>
    </Modal>
  );
}
