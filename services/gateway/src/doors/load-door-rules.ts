import { readFile } from 'node:fs/promises';
import { DoorRules, problemErrors } from '@verdict/contracts';
import { StartError } from '@verdict/process';

/**
 * Reads the rules by which samples become readings; the defaults without a file. Throws StartError that names the file
 * and each field that is wrong.
 */
export async function loadDoorRules(file: string | undefined): Promise<DoorRules> {
  if (file === undefined) return DoorRules.parse({});
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`VERDICT_DOOR_RULES_FILE: ${file} cannot be read as JSON: ${reason}`);
  }
  const rules = DoorRules.safeParse(json);
  if (rules.success) return rules.data;
  const problems = problemErrors(rules.error).map(({ field, message }) => `${field || 'rules'}: ${message}`);
  throw new StartError(`VERDICT_DOOR_RULES_FILE: ${file} is not valid.\n  ${problems.join('\n  ')}`);
}
