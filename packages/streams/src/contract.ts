export { type LeaseStoreUnderTest, testLeaseStore } from './lease-store.contract.ts';
