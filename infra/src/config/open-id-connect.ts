import { z } from 'zod';

/** Roles of Verdict that people and programs can have; `service` is for processes of Verdict alone. */
const role = z.enum(['viewer', 'reporter', 'analyst', 'ingest', 'admin']);

/** An OpenID provider whose people and programs are let in: `oidc` of a stack. */
export const OpenIdConnect = z
  .strictObject({
    /** As its tokens name it; Microsoft Entra ID of the stack's own directory without it. */
    issuer: z.url({ protocol: /^https$/ }).optional(),
    /** Registration of the dashboard's log-in; without it people log in with passwords alone. */
    clientId: z.string().min(1).optional(),
    /** Audience of access tokens that are taken at the API; none are without it. */
    audience: z.string().min(1).optional(),
    /** Which claims give which roles; whoever meets no rule is not let in. */
    roles: z
      .array(
        z.strictObject({
          claim: z.string().min(1).max(100),
          value: z.string().min(1).max(200),
          roles: z.array(role).min(1),
        }),
      )
      .min(1)
      .max(1000),
    /** What the button of the log-in says. */
    label: z.string().min(1).max(40).default('Microsoft'),
  })
  .refine(({ clientId, audience }) => clientId !== undefined || audience !== undefined, {
    error: 'clientId, for people, or audience, for programs',
  });
export type OpenIdConnect = z.output<typeof OpenIdConnect>;

/** The issuer of a directory's tokens. */
export function entraIssuer(tenantId: string): string {
  return `https://login.microsoftonline.com/${tenantId}/v2.0`;
}
