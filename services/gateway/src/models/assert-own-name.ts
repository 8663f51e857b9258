import { HttpProblem } from '@verdict/process';

/** Throws 400 when a manifest has another name than the path that it is put to. */
export function assertOwnName(metadata: { readonly name: string }, pathName: string): void {
  if (metadata.name === pathName) return;
  throw new HttpProblem(400, {
    detail: 'The manifest has another name than the path.',
    errors: [{ field: 'metadata.name', message: `must be ${pathName}, as in the path` }],
  });
}
