export { readEvents, type StreamUnderTest, testEventStream } from './event-stream.contract.ts';
export { type LeaseStoreUnderTest, testLeaseStore } from './lease-store.contract.ts';
