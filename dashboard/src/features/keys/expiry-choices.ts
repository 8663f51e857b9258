/** How long a key can be made to be good; '' = until it is revoked. */
export const expiryChoices = [
  { value: '90', text: '90 days' },
  { value: '30', text: '30 days' },
  { value: '365', text: 'a year' },
  { value: '', text: 'until it is revoked' },
] as const;

/** What was chosen, as the gateway wants it. */
export function expiryOf(form: FormData): { expiresInDays?: number } {
  const days = String(form.get('expires') ?? '');
  return days === '' ? {} : { expiresInDays: Number(days) };
}
