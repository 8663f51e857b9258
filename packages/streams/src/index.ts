export * from './event-stream.ts';
export * from './lease-store.ts';
export * from './reading-codec.ts';
