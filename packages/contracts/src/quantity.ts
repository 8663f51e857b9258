import { z } from 'zod';

const largest = 1_000_000_000_000_000;
const scales: Record<string, number> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Amount of a resource as Kubernetes writes it: `250m` or `2` of cpu, `512Mi` of memory. */
export const Quantity = z.union([
  z.int().min(0).max(largest),
  z
    .string()
    .max(20)
    .regex(/^[0-9]{1,15}(\.[0-9]{1,3})?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, 'an amount such as 250m, 2 or 512Mi'),
]);
export type Quantity = z.output<typeof Quantity>;

/** What a quantity comes to: cores of cpu, bytes of memory. @throws RangeError */
export function quantityValue(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity;
  const unit = /[A-Za-z]*$/.exec(quantity)?.[0] ?? '';
  const scale = scales[unit];
  const amount = Number(quantity.slice(0, quantity.length - unit.length));
  if (scale === undefined || quantity === unit || Number.isNaN(amount))
    throw new RangeError(`not a quantity: ${quantity}`);
  return amount * scale;
}

const Amounts = z.strictObject({
  cpu: Quantity.optional(),
  memory: Quantity.optional(),
  'ephemeral-storage': Quantity.optional(),
});

/** What a container asks for, and the most it gets. */
export const Resources = z
  .strictObject({ requests: Amounts.optional(), limits: Amounts.optional() })
  .refine((resources) => within(resources, 'cpu'), 'limits.cpu must not be below requests.cpu')
  .refine((resources) => within(resources, 'memory'), 'limits.memory must not be below requests.memory')
  .refine(
    (resources) => within(resources, 'ephemeral-storage'),
    'limits.ephemeral-storage must not be below requests.ephemeral-storage',
  );
export type Resources = z.output<typeof Resources>;

type AmountsOf = z.output<typeof Amounts> | undefined;

/** Whether a limit is not below what is asked for; what is no quantity has its own problem already. */
function within(
  { requests, limits }: { requests?: AmountsOf; limits?: AmountsOf },
  name: keyof NonNullable<AmountsOf>,
): boolean {
  const [asked, most] = [requests?.[name], limits?.[name]].map((one) => Quantity.safeParse(one).data);
  return asked === undefined || most === undefined || quantityValue(asked) <= quantityValue(most);
}
