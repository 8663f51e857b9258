import { readFile } from 'node:fs/promises';
import { problemErrors, Role, TokenRequest } from '@verdict/contracts';
import { StartError } from '@verdict/process';
import { z } from 'zod';
import { ownUsers } from './secrets.ts';

/** Somebody who uses this Verdict beside `admin`. */
const Person = z.strictObject({
  username: TokenRequest.shape.username.refine(
    (name) => !ownUsers.includes(name),
    'is a user of Verdict itself',
  ),
  password: TokenRequest.shape.password.min(8, 'at least 8 characters'),
  // Processes of ours have users of their own.
  roles: z.array(Role.exclude(['service'])).min(1),
});
export type Person = z.output<typeof Person>;

const People = z
  .array(Person)
  .max(500)
  .refine(
    (people) => new Set(people.map(({ username }) => username)).size === people.length,
    'a name is there twice',
  );

/** Reads the users of a file. Throws `StartError` with one sentence that quotes no password. */
export async function readPeople(file: string): Promise<Person[]> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new StartError(`VERDICT_USERS_FILE cannot be read: ${error.message}`);
  });
  const parsed = People.safeParse(json(text, file));
  if (parsed.success) return parsed.data;
  const [first] = problemErrors(parsed.error, 1);
  throw new StartError(`${file}: ${first?.field || 'users'}: ${first?.message}`);
}

function json(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What the parser says may quote a password.
    throw new StartError(`${file} is no JSON.`);
  }
}
