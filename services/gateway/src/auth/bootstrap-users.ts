import { readFile } from 'node:fs/promises';
import { Role, TokenRequest } from '@verdict/contracts';
import { StartError } from '@verdict/process';
import type { SessionStore, UserStore } from '@verdict/storage';
import { z } from 'zod';
import { hashPassword, verifyPassword } from './password-hash.ts';

const BootstrapUsers = z
  .array(z.strictObject({ ...TokenRequest.shape, roles: z.array(Role).min(1) }))
  .max(1000);

/** A user that is there from the start. */
export type BootstrapUser = z.output<typeof BootstrapUsers>[number];

/**
 * Creates the users, and updates those whose password or roles have changed; others stay as they are. Log-ins of a
 * changed user end.
 */
export async function bootstrapUsers(
  wanted: readonly BootstrapUser[],
  { users, sessions }: { users: UserStore; sessions: SessionStore },
): Promise<void> {
  for (const { username, password, roles } of wanted) {
    const known = await users.get(username);
    const same =
      known !== null &&
      String([...known.roles].sort()) === String([...roles].sort()) &&
      (await verifyPassword(password, known.passwordHash));
    // Unchanged users are not written: that would take back a lock-out.
    if (same) continue;
    await users.put({ username, passwordHash: await hashPassword(password), roles });
    if (known !== null) await sessions.end({ username }, 'user changed');
  }
}

/** Reads the users of a file. Throws `StartError` when it cannot be used. */
export async function readUsers(file: string): Promise<BootstrapUser[]> {
  try {
    return BootstrapUsers.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    // The cause may quote passwords: it is not passed on.
    const kind = error instanceof Error ? error.name : 'unknown';
    throw new StartError(
      `${file} (VERDICT_BOOTSTRAP_USERS_FILE) is no JSON list of {username, password, roles} (${kind}).`,
    );
  }
}
