import { type DetectionModel, detectionSettings, inputWidth, type Network } from '@verdict/detection';

/** What a version says of itself, besides its net. */
export type VersionFacts = Pick<DetectionModel, 'version' | 'calibration' | 'reference' | 'taught'> &
  Pick<DetectionModel['settings'], 'signals' | 'window' | 'recurring'>;

/**
 * A version ready to score: its settings, and its net as opened.
 *
 * @param open opens the net; one that does not fit is closed again
 * @throws RangeError when the settings cannot work, or the net takes windows of another size; what `open` throws
 */
export async function openVersion<N extends Network & { close(): Promise<void> }>(
  facts: VersionFacts,
  open: () => Promise<N>,
): Promise<{ readonly model: DetectionModel; readonly network: N }> {
  const { version, signals, window, recurring, calibration, reference, taught } = facts;
  const settings = detectionSettings({ signals, window, recurring });
  const network = await open();
  if (network.inputWidth !== inputWidth(settings)) {
    await network.close();
    throw new RangeError(`the net takes ${network.inputWidth} numbers, not ${inputWidth(settings)}`);
  }
  return { model: { version, settings, network, calibration, reference, taught }, network };
}
