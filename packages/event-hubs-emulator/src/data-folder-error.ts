/** The data folder does not fit what is wanted; the message is one sentence for the operator. */
export class DataFolderError extends Error {
  override name = 'DataFolderError';
}
