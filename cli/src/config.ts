import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { UsageFailure } from './failure.ts';

const optional = z.string().min(1).optional();

/** The environment that the command reads. An empty variable counts as not set. */
const Environment = z.object({
  /** Base URL of the gateway. */
  VERDICT_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080'),
  VERDICT_USER: optional,
  VERDICT_PASSWORD: optional,
  /** File that holds the password, for processes. */
  VERDICT_PASSWORD_FILE: optional,
  /** A ready access token; comes before everything else. */
  VERDICT_TOKEN: optional,
  XDG_CONFIG_HOME: optional,
  APPDATA: optional,
});

/** What the environment says to the command. */
export interface CliConfig {
  url: string;
  user: string | undefined;
  password: string | undefined;
  passwordFile: string | undefined;
  token: string | undefined;
  /** File of stored logins. */
  loginFile: string;
}

/** Reads the environment. Throws `UsageFailure` naming every variable that cannot be used. */
export function readCliConfig(variables: Record<string, string | undefined> = process.env): CliConfig {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new UsageFailure(`The environment cannot be used: ${lines.join('; ')}.`);
  }
  const { data } = parsed;
  const folder =
    data.XDG_CONFIG_HOME ??
    (process.platform === 'win32' ? data.APPDATA : undefined) ??
    path.join(os.homedir(), '.config');
  return {
    url: data.VERDICT_URL,
    user: data.VERDICT_USER,
    password: data.VERDICT_PASSWORD,
    passwordFile: data.VERDICT_PASSWORD_FILE,
    token: data.VERDICT_TOKEN,
    loginFile: path.join(folder, 'verdict', 'login.json'),
  };
}
