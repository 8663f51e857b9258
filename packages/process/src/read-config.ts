import type { z } from 'zod';

/** The environment does not fit; `message` lists every problem, one per line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Exit code of a process whose configuration is wrong. */
export const configExitCode = 2;

/**
 * Validates the environment against a schema whose keys are the names of variables. An empty variable counts as
 * not set. Throws `ConfigError` that names every problem at once.
 */
export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.output<Schema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = issue.path.join('.');
    if (name === '') return `  ${issue.message}`;
    return given[name] === undefined
      ? `  ${name} is not set (${issue.message})`
      : `  ${name}: ${issue.message}`;
  });
  throw new ConfigError(`The configuration cannot be used:\n${lines.join('\n')}`);
}

/** Like `parseConfig`, but prints the problems to stderr and ends the process with code 2. */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  environment: Record<string, string | undefined>,
): z.output<Schema> {
  try {
    return parseConfig(schema, environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(configExitCode);
  }
}
