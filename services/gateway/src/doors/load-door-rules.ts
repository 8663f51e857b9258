import { readFile } from 'node:fs/promises';
import { DoorRules, problemErrors } from '@verdict/contracts';
import { StartError } from '@verdict/process';

/**
 * The rules by which samples become readings: those of the text, or else of the file, or else the defaults. Throws
 * StartError that names where they stand and each field that is wrong.
 */
export async function loadDoorRules(given: {
  readonly VERDICT_DOOR_RULES?: string | undefined;
  readonly VERDICT_DOOR_RULES_FILE?: string | undefined;
}): Promise<DoorRules> {
  const { VERDICT_DOOR_RULES: text, VERDICT_DOOR_RULES_FILE: file } = given;
  if (text !== undefined) return parseRules('VERDICT_DOOR_RULES', text);
  if (file === undefined) return DoorRules.parse({});
  const place = `VERDICT_DOOR_RULES_FILE (${file})`;
  return parseRules(place, await readFile(file, 'utf8').catch((error: unknown) => fail(place, error)));
}

function parseRules(place: string, text: string): DoorRules {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    fail(place, error);
  }
  const rules = DoorRules.safeParse(json);
  if (rules.success) return rules.data;
  const problems = problemErrors(rules.error).map(
    ({ field, message }) => `${field || 'the whole'}: ${message}`,
  );
  throw new StartError(`${place} is not valid:\n  ${problems.join('\n  ')}`);
}

function fail(place: string, error: unknown): never {
  throw new StartError(
    `${place} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`,
  );
}
