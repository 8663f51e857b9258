import type { ApiKeyCreated } from '@verdict/contracts';
import { useMakeApiKey } from '../../api/keys.ts';
import { SelectField } from '../../components/select-field.tsx';
import { TextField } from '../../components/text-field.tsx';
import { expiryChoices, expiryOf } from './expiry-choices.ts';
import { KeyForm } from './key-form.tsx';
import styles from './keys.module.css';

/** Asks who the key is for, and what it may send. */
export function MakeKeyDialog(props: { onMade: (created: ApiKeyCreated) => void; onClose: () => void }) {
  const make = useMakeApiKey();
  return (
    <KeyForm
      title="Make an API key"
      about="A producer sends readings with it, and can do nothing else."
      action="Make the key"
      request={make}
      failed="The key was not made"
      onSubmit={(form) => {
        const text = (name: string) => String(form.get(name) ?? '').trim();
        make.mutate(
          { name: text('name'), seriesPrefix: text('prefix'), ...expiryOf(form) },
          { onSuccess: props.onMade },
        );
      }}
      onClose={props.onClose}
    >
      <TextField label="Who sends with it" name="name" maxLength={80} required autoFocus autoComplete="off" />
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
    </KeyForm>
  );
}
