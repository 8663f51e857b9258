export type { EmulatorLog } from './amqp/server-context.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.ts';
export type { Retention } from './log/retention.ts';
export { partitionOfKey } from './partition-key.ts';
export type { AccessKey } from './sas-token.ts';
export { DataFolderError, type HubSettings } from './store/hub.ts';
