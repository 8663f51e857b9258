/** A real API server for the tests and measurements of other parts, and what stands in for the rest of a cluster. */
export { Reflector } from '../control-loop/reflector.ts';
export { trimPod } from '../controllers/detector-pool/detector-pods.ts';
export type { KubeObject } from '../kube/kube-object.ts';
export { resourceKind } from '../kube/resource-kind.ts';
export { InMemoryPlatform } from '../platform/in-memory-platform.fixture.ts';
export { standInGateway, standInToken } from '../platform/stand-in-gateway.fixture.ts';
export { deployments, pods } from '../resources/child-kinds.ts';
export { conditionOf } from '../resources/condition.ts';
export { anomalyModels, detectorPools } from '../resources/custom-objects.ts';
export { label } from '../resources/labels.ts';
export { settings } from '../resources/objects.fixture.ts';
export { applyCrds } from './apply-crds.ts';
export { ChildProgram } from './child-program.ts';
export { kubeApiMissing, kubeBinaries } from './kube-binaries.ts';
export { poll } from './poll.ts';
export { controllersMissing, startControllers } from './start-controllers.ts';
export { type KubeApi, startKubeApi } from './start-kube-api.ts';
