/** A real API server for the tests of other parts. */
export { kubeApiMissing } from './kube-binaries.ts';
export { type KubeApi, startKubeApi } from './start-kube-api.ts';
