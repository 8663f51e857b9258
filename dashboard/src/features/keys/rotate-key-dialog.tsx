import type { ApiKeyCreated, ApiKeyView } from '@verdict/contracts';
import { useRotateApiKey } from '../../api/keys.ts';
import { SelectField } from '../../components/select-field.tsx';
import { expiryChoices, expiryOf } from './expiry-choices.ts';
import { KeyForm } from './key-form.tsx';

/** Hours for which both keys are good. */
const overlaps = [
  { value: '24', text: 'a day' },
  { value: '1', text: 'an hour' },
  { value: '168', text: 'a week' },
  { value: '720', text: '30 days' },
  { value: '0', text: 'not at all: the old one ends now' },
];

/** Makes a key in the place of another, and asks how long the old one is still to be good. */
export function RotateKeyDialog(props: {
  apiKey: ApiKeyView;
  onMade: (created: ApiKeyCreated) => void;
  onClose: () => void;
}) {
  const rotate = useRotateApiKey();
  return (
    <KeyForm
      title={`Rotate the key of ${props.apiKey.name}`}
      about="A new key takes its place, for the same series. Both are good for a while, so that nothing is refused meanwhile."
      action="Rotate"
      request={rotate}
      failed="The key was not rotated"
      onSubmit={(form) => {
        const overlapHours = Number(form.get('overlap'));
        rotate.mutate({ id: props.apiKey.id, overlapHours, ...expiryOf(form) }, { onSuccess: props.onMade });
      }}
      onClose={props.onClose}
    >
      <SelectField label="The old key stays good for" name="overlap" choices={overlaps} autoFocus />
      <SelectField label="The new key is good for" name="expires" choices={expiryChoices} />
    </KeyForm>
  );
}
