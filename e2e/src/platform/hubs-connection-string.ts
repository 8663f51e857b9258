/** What clients of event hubs on this machine are given, with a key that may do everything; without `EntityPath`. */
export function hubsConnectionString(port: number, key: { name: string; value: string }): string {
  return `Endpoint=sb://127.0.0.1:${port};SharedAccessKeyName=${key.name};SharedAccessKey=${key.value};UseDevelopmentEmulator=true;`;
}
