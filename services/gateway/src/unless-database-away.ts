import { DatabaseUnavailable } from '@verdict/storage';

/** The answer, or `instead` while the database cannot be reached: for what is better left out than waited for. */
export async function unlessDatabaseAway<T, Instead>(
  answer: Promise<T>,
  instead: Instead,
): Promise<T | Instead> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return instead;
    throw error;
  }
}
