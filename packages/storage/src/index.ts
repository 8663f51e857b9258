export { azureIdentity } from './azure/azure-identity.ts';
export * from './blobs/blob-name.ts';
export { fetchVersion, type VersionSource } from './blobs/fetch-version.ts';
export { openBlobs } from './blobs/open-blobs.ts';
export { BlobStoreFull, openFolderBlobs } from './blobs/open-folder-blobs.ts';
export { storeVersion } from './blobs/store-version.ts';
export { UnusableVersion, type VersionFault } from './blobs/unusable-version.ts';
export type { VersionRef } from './blobs/version-ref.ts';
export {
  type DatabaseAddress,
  type DatabaseEnvironment,
  databaseAddress,
  databaseProblems,
} from './database/database-address.ts';
export { DatabaseNewer, DatabaseUnavailable } from './database/database-errors.ts';
export { migrate } from './database/migrate.ts';
export { type Database, type DatabaseOptions, openDatabase, type Queries } from './database/open-database.ts';
export { encodeRows } from './history/chunk-codec.ts';
export type { CompactedHistory, CompactionPlace } from './history/compact-history.ts';
export { keptBand, keptExpected, keptScore } from './history/kept-precision.ts';
export { mergeRows } from './history/merge-rows.ts';
export { openStores, type Stores } from './open-stores.ts';
export * from './ports/access-stores.ts';
export * from './ports/answer-store.ts';
export * from './ports/blob-store.ts';
export * from './ports/dead-letter-store.ts';
export * from './ports/feedback-loop-stores.ts';
export * from './ports/partition-store.ts';
export * from './ports/query-stores.ts';
export * from './ports/registry-store.ts';
export * from './ports/upkeep-store.ts';
export * from './ports/webhook-stores.ts';
export { type ArtefactSigner, newArtefactKey, readArtefactSigner } from './signatures/artefact-signer.ts';
export { signRegisteredVersion } from './signatures/sign-registered-version.ts';
export { type TrustedKeys, trustedKeysFile } from './signatures/trusted-keys.ts';
export { InvalidPageToken } from './stores/anomaly/page-token.ts';
export type { HistoryCompaction, HistoryRetention } from './stores/postgres-history-store.ts';
