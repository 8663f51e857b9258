/** Which version of which model. */
export interface VersionRef {
  readonly namespace: string;
  readonly model: string;
  readonly version: number;
}

/** Where the artefacts of a version lie in the blob store. */
export function versionFolder({ namespace, model, version }: VersionRef): string {
  return `models/${namespace}/${model}/${version}`;
}
