export * from './event-stream.ts';
export * from './lease-store.ts';
export { packedEventBytes, packReadings } from './pack-readings.ts';
export * from './partition-key.ts';
export { decodeReadings, encodeReadings, type ReadingBlock } from './reading-codec.ts';
export * from './undecodable-event.ts';
