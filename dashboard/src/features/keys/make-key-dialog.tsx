import type { ApiKeyCreated } from '@verdict/contracts';
import { useMakeApiKey } from '../../api/keys.ts';
import { Button } from '../../components/button.tsx';
import { Modal } from '../../components/modal.tsx';
import { ProblemNotice } from '../../components/problem-notice.tsx';
import { SelectField } from '../../components/select-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { expiryChoices, expiryOf } from './expiry-choices.ts';
import styles from './keys.module.css';

/** Asks who the key is for, and what it may send. */
export function MakeKeyDialog(props: { onMade: (created: ApiKeyCreated) => void; onClose: () => void }) {
  const make = useMakeApiKey();
  return (
    <Modal
      open
      title="Make an API key"
      about="A producer sends readings with it, and can do nothing else."
      onClose={props.onClose}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (name: string) => String(form.get(name) ?? '').trim();
          make.mutate(
            { name: text('name'), seriesPrefix: text('prefix'), ...expiryOf(form) },
            { onSuccess: props.onMade },
          );
        }}
      >
        <TextField
          label="Who sends with it"
          name="name"
          maxLength={80}
          required
          autoFocus
          autoComplete="off"
        />
        <div>
          <TextField
            label="Series begin with"
            name="prefix"
            maxLength={200}
            placeholder="any series"
            autoComplete="off"
            spellCheck={false}
            aria-describedby="prefix-hint"
          />
          <p id="prefix-hint" className={styles.hint}>
            End it with <code>/</code>: <code>shop</code> would allow <code>shopping/cart</code> too.
          </p>
        </div>
        <SelectField label="Good for" name="expires" choices={expiryChoices} />
        {make.isError && <ProblemNotice what="The key was not made" error={make.error} />}
        <div className={styles.choices}>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={make.isPending}>
            Make the key
          </Button>
        </div>
      </form>
    </Modal>
  );
}
