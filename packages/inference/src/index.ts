export {
  NetworkFormatError,
  type OpenedNetwork,
  type OpenNetworkOptions,
  openNetwork,
} from './open-network.ts';
export { openVersion } from './open-version.ts';
