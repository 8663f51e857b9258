export { readEvents, type StreamUnderTest, testEventStream } from './event-stream.contract.ts';
