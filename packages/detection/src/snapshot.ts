import { builtInModel, type DetectionModel } from './detection-model.ts';
import { type DetectionSettings, detectionSettings } from './detection-settings.ts';
import { SeriesState } from './series-state.ts';
import { checksum, SnapshotError, StateReader, StateWriter } from './state-codec.ts';

/** "VDST" */
const magic = 0x54534456;
const formatVersion = 3;
const mostSeries = 10_000_000;
const mostVersions = 1_000_000_000;

export type SnapshotModel = Pick<DetectionModel, 'version' | 'settings'>;

/** Layout: magic, format version, model version, settings, series in order of their keys, checksum. */
export function writeSnapshot(model: SnapshotModel, states: ReadonlyMap<string, SeriesState>): Uint8Array {
  const to = new StateWriter();
  to.u32(magic);
  to.u8(formatVersion);
  to.u32(model.version);
  to.text(JSON.stringify(model.settings));
  to.u32(states.size);
  for (const key of [...states.keys()].sort()) states.get(key)?.write(to);
  const body = to.finish();
  to.u32(checksum(body));
  return to.finish();
}

/** @throws SnapshotError for anything but a whole snapshot of this format */
export function readSnapshot(bytes: Uint8Array): { model: DetectionModel; states: SeriesState[] } {
  if (bytes.length < 9) throw new SnapshotError(`${bytes.length} bytes are no snapshot`);
  const body = bytes.subarray(0, bytes.length - 4);
  const from = new StateReader(body);
  if (from.u32() !== magic) throw new SnapshotError('this is not a snapshot of the detection engine');
  const format = from.u8();
  if (format !== formatVersion) {
    throw new SnapshotError(`the snapshot has format ${format}, this engine reads ${formatVersion}`);
  }
  if (new StateReader(bytes.subarray(bytes.length - 4)).u32() !== checksum(body)) {
    throw new SnapshotError('the snapshot is damaged or cut short: its checksum does not fit');
  }
  const version = from.u32(mostVersions);
  const settings = readSettings(from.text());
  // It only says what the state is made for; it never scores.
  const model: DetectionModel = { ...builtInModel(settings), version };
  const states = Array.from({ length: from.u32(mostSeries) }, () => SeriesState.read(from, model));
  if (from.left > 0) throw new SnapshotError(`the snapshot has ${from.left} bytes too many`);
  return { model, states };
}

function readSettings(text: string): DetectionSettings {
  try {
    return detectionSettings(JSON.parse(text));
  } catch (cause) {
    throw new SnapshotError('the snapshot holds settings that cannot work', { cause });
  }
}

/** Whether units of one model can go on under the other. */
export function sameUnits(a: DetectionSettings, b: DetectionSettings): boolean {
  return JSON.stringify(a.signals) === JSON.stringify(b.signals);
}
