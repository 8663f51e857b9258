import type { AccessKey } from './sas-token.ts';

/** What clients of an emulator that listens at `host` are given; without `EntityPath`. */
export function connectionString(host: string, port: number, key: AccessKey): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `Endpoint=sb://${reachable}:${port};SharedAccessKeyName=${key.name};SharedAccessKey=${key.value};UseDevelopmentEmulator=true;`;
}
