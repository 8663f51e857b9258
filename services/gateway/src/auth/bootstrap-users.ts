import { readFile } from 'node:fs/promises';
import { Role, TokenRequest } from '@verdict/contracts';
import { StartError } from '@verdict/process';
import type { SessionStore, UserStore } from '@verdict/storage';
import { z } from 'zod';
import { hashPassword, verifyPassword } from './password-hash.ts';

const BootstrapUsers = z
  .array(z.strictObject({ ...TokenRequest.shape, roles: z.array(Role).min(1) }))
  .max(1000);

/**
 * Creates the users of a file, and updates those whose password or roles have changed there; others stay as they
 * are. Log-ins of a changed user end. Throws `StartError` when the file cannot be used.
 */
export async function bootstrapUsers(
  file: string,
  { users, sessions }: { users: UserStore; sessions: SessionStore },
): Promise<void> {
  for (const { username, password, roles } of await readUsers(file)) {
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

async function readUsers(file: string): Promise<z.output<typeof BootstrapUsers>> {
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
