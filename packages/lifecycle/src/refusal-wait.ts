const verdictsAfterRefusal = 10;
const waitAfterRefusalHours = 6;

/** How long nothing is tried by itself after a refusal, or after a person took a version back. */
export const refusalWaitText = `until ${verdictsAfterRefusal} new verdicts came or ${waitAfterRefusalHours} hours passed`;

/** Whether it is too early after what happened at `refusedMs`: neither ten new verdicts nor six hours. */
export function waitsAfterRefusal(
  refusedMs: number,
  { verdicts, nowMs }: { readonly verdicts: readonly { readonly atMs: number }[]; readonly nowMs: number },
): boolean {
  const newVerdicts = verdicts.filter(({ atMs }) => atMs > refusedMs).length;
  return newVerdicts < verdictsAfterRefusal && nowMs - refusedMs < waitAfterRefusalHours * 3_600_000;
}
