import { tokenIssuer } from '@verdict/process';
import { z } from 'zod';
import { RoleRules } from './role-mapping.ts';

const file = z.string().min(1).optional();

/** What the gateway takes from its environment about an identity provider (OpenID Connect). */
export const oidcEnvironment = {
  /** The provider, as its tokens name it: `https://login.microsoftonline.com/<tenant>/v2.0`. TLS, but on this machine. */
  VERDICT_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .refine((issuer) => issuer !== tokenIssuer && isSafe(issuer), 'must be an https address')
    .optional(),
  /** Audience of access tokens that are taken at the API; none are without it. */
  VERDICT_OIDC_AUDIENCE: z.string().min(1).optional(),
  /** JSON list of `{claim, value, roles}`: which claims give which roles. */
  VERDICT_OIDC_ROLES: RoleRules.optional(),
  /** Claim that names people. */
  VERDICT_OIDC_NAME_CLAIM: z.string().min(1).default('preferred_username'),
  /** Put before their names, so that nobody can be taken for a local user. */
  VERDICT_OIDC_NAME_PREFIX: z.string().min(1).max(20).default('oidc:'),
  /** Id under which the dashboard's log-in is registered; without it people log in with passwords only. */
  VERDICT_OIDC_CLIENT_ID: z.string().min(1).optional(),
  /** File with the secret of that registration, or … */
  VERDICT_OIDC_CLIENT_SECRET_FILE: file,
  /** … with a token that stands in for it (a federated credential: workload identity). */
  VERDICT_OIDC_CLIENT_ASSERTION_FILE: file,
  /** … with tokens of the process' own Azure identity, for federated credentials where no file has one (web apps). */
  VERDICT_OIDC_CLIENT_IDENTITY: z.literal('azure').optional(),
  /** Scopes that a log-in asks for. */
  VERDICT_OIDC_SCOPES: z.string().min(1).default('openid profile'),
  /** What the button of the log-in says. */
  VERDICT_OIDC_LABEL: z.string().min(1).max(40).default('Microsoft'),
  /** Address under which browsers reach the dashboard; the provider sends people back there. */
  VERDICT_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
};

type Environment = z.output<z.ZodObject<typeof oidcEnvironment>>;

const onlyWithIssuer = [
  'VERDICT_OIDC_AUDIENCE',
  'VERDICT_OIDC_ROLES',
  'VERDICT_OIDC_CLIENT_ID',
  'VERDICT_OIDC_CLIENT_SECRET_FILE',
  'VERDICT_OIDC_CLIENT_ASSERTION_FILE',
  'VERDICT_OIDC_CLIENT_IDENTITY',
] as const;

/** How the registration is proven: one of them, or none for a public client. */
const credentials = [
  'VERDICT_OIDC_CLIENT_SECRET_FILE',
  'VERDICT_OIDC_CLIENT_ASSERTION_FILE',
  'VERDICT_OIDC_CLIENT_IDENTITY',
] as const;

/** What does not fit together. */
export function oidcProblems(config: Environment): { name: string; message: string }[] {
  if (config.VERDICT_OIDC_ISSUER === undefined)
    return onlyWithIssuer
      .filter((name) => config[name] !== undefined)
      .map((name) => ({ name, message: 'means nothing without VERDICT_OIDC_ISSUER' }));
  const problems: { name: string; message: string }[] = [];
  const add = (name: string, message: string) => void problems.push({ name, message });
  if (config.VERDICT_OIDC_ROLES === undefined) add('VERDICT_OIDC_ROLES', 'needed with VERDICT_OIDC_ISSUER');
  if (config.VERDICT_OIDC_CLIENT_ID === undefined) {
    if (config.VERDICT_OIDC_AUDIENCE === undefined)
      add('VERDICT_OIDC_AUDIENCE', 'this or VERDICT_OIDC_CLIENT_ID is needed with VERDICT_OIDC_ISSUER');
  } else if (config.VERDICT_PUBLIC_URL === undefined)
    add('VERDICT_PUBLIC_URL', 'needed with VERDICT_OIDC_CLIENT_ID');
  const [first, ...others] = credentials.filter((name) => config[name] !== undefined);
  for (const name of others) add(name, `and ${first}: one of them`);
  return problems;
}

/** Without TLS anybody on the way could answer in the provider's place. */
function isSafe(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
