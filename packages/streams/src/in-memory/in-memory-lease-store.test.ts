import { testLeaseStore } from '../lease-store.contract.ts';
import { InMemoryLeaseStore } from './in-memory-lease-store.ts';
import { SimulatedClock } from './simulated-clock.ts';

testLeaseStore('the lease store in memory', async () => {
  const clock = new SimulatedClock(1_764_000_000_000);
  return {
    store: new InMemoryLeaseStore(clock.nowMs),
    pass: clock.advance.bind(clock),
    stop: async () => {},
  };
});
