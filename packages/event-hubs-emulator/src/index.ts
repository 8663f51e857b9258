export type { EmulatorLog } from './amqp/server-context.ts';
export { DataFolderError } from './data-folder-error.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './emulator.ts';
export type { Retention } from './log/retention.ts';
export type { AccessKey } from './sas-token.ts';
export type { HubSettings } from './store/hub.ts';
