import type { ApiKeyCreated } from '@verdict/contracts';
import { Button } from '../../components/button.tsx';
import { CommandBlock } from '../../components/command-block.tsx';
import { Modal } from '../../components/modal.tsx';
import styles from './keys.module.css';

/** Shows a new key, this once: it closes by its button alone, since what is closed by mistake cannot be had again. */
export function NewKeyDialog({ created, onDone }: { created: ApiKeyCreated; onDone: () => void }) {
  return (
    <Modal
      open
      title={`The key of ${created.view.name}`}
      about="It is shown this once: Verdict keeps a hash of it and nothing else. Store it where the producer reads it."
    >
      <CommandBlock label="API key" command={created.key} />
      <p className={styles.hint}>
        It goes along as <code>X-API-Key</code> or <code>Authorization: Bearer</code>.
      </p>
      <div className={styles.choices}>
        <Button kind="primary" onClick={onDone}>
          I have stored it
        </Button>
      </div>
    </Modal>
  );
}
