/** A blob's name is not one. */
export class InvalidBlobName extends Error {
  override readonly name = 'InvalidBlobName';
}

const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

/**
 * Checks a name: up to 900 characters, segments of letters, digits, `_`, `.` and `-` that begin with a letter, digit
 * or `_`, joined by single slashes. So no name leads out of its store, and none is a store's own temporary file.
 */
export function checkBlobName(name: string): void {
  if (name.length > 900 || !name.split('/').every((part) => segment.test(part)))
    throw new InvalidBlobName(`not a blob name: ${JSON.stringify(name.slice(0, 200))}`);
}
