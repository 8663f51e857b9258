import { builtInModel, type DetectionModel, type DetectionSettings } from '@verdict/detection';
import { type OpenedNetwork, openNetwork, openVersion } from '@verdict/inference';
import { fetchVersion, UnusableVersion, type VersionSource } from '@verdict/storage';

/** The version that a candidate is judged against. */
export interface Champion {
  readonly model: DetectionModel;
  /** To be closed when the champion is no longer needed; null for the built-in version. */
  readonly network: OpenedNetwork | null;
  /** Why the built-in version stands in for the one that serves; null when it does not. */
  readonly standsIn: string | null;
}

interface ChampionRequest extends VersionSource {
  readonly namespace: string;
  readonly model: string;
  readonly version: number;
  readonly settings: DetectionSettings;
}

/**
 * Loads the version that serves. One that cannot be loaded is stood in for by the built-in version; other errors mean
 * that the blob store could not be asked.
 *
 * @param settings of the candidate, with which the built-in version works
 */
export async function loadChampion(request: ChampionRequest): Promise<Champion> {
  const { version, settings } = request;
  if (version === 0) return { model: builtInModel(settings), network: null, standsIn: null };
  try {
    return await loadTrained(request);
  } catch (error) {
    if (!(error instanceof UnusableVersion)) throw error;
    const standsIn = `version ${version} serves but cannot be loaded (${error.message}), so version 0 stands in for it`;
    return { model: builtInModel(settings), network: null, standsIn };
  }
}

function loadTrained({ namespace, model, version, ...source }: ChampionRequest): Promise<Champion> {
  return fetchVersion(source, { namespace, model, version }, async ({ manifest, onnx }) => {
    const opened = await openVersion({ ...manifest, version }, () => openNetwork(onnx));
    return { ...opened, standsIn: null };
  });
}
