export { type ArtefactSigner, newArtefactKey, readArtefactSigner } from './artefact-signer.ts';
export { type TrustedKeys, trustedKeysFile } from './trusted-keys.ts';
