import { Role } from '@verdict/contracts';
import { z } from 'zod';

/** A name as Kubernetes allows it for namespaces and service accounts (RFC 1123). */
const KubernetesName = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
    'must be a Kubernetes name: lower-case letters, digits, "-"',
  );

/** One service account of the cluster and what it may do here. */
export const ClusterAccount = z.strictObject({
  namespace: KubernetesName,
  serviceAccount: KubernetesName,
  roles: z.array(Role).min(1),
});
export type ClusterAccount = z.output<typeof ClusterAccount>;

/** JSON text of a list of accounts, each named once. Nobody is let in by a pattern. */
export const ClusterAccounts = z.string().transform((text, context): ClusterAccount[] => {
  const list = z.array(ClusterAccount).min(1).max(10_000).safeParse(parsed(text));
  if (!list.success) {
    const issue = list.error.issues[0];
    const where = issue?.path.join('.') || 'text';
    context.addIssue(
      `must be a JSON list of {namespace, serviceAccount, roles} (${where}: ${issue?.message ?? 'not valid'})`,
    );
    return z.NEVER;
  }
  const seen = new Set<string>();
  for (const account of list.data) {
    const key = accountKey(account);
    if (seen.has(key)) context.addIssue(`names the account ${key} twice`);
    seen.add(key);
  }
  return list.data;
});

/** `namespace/name`. */
export function accountKey(account: { namespace: string; serviceAccount: string }): string {
  return `${account.namespace}/${account.serviceAccount}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema says what is wanted instead.
    return text;
  }
}
