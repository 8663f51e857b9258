import { AnomalyTracker } from '../anomalies/anomaly-tracker.ts';
import { builtInModel, type DetectionModel } from '../detection-model.ts';
import { type DetectionSettings, detectionSettings, mostSignals, unitWidth } from '../detection-settings.ts';
import { SeriesBook } from '../series/series-book.ts';
import { seriesWords } from '../series/series-times.ts';
import { UnitShape } from '../unit/unit-state.ts';
import type { Sliced } from './sliced.ts';
import { checksum, SnapshotError, StateReader, StateWriter } from './state-codec.ts';

/** "VDST" */
const magic = 0x54534456;
/** One more whenever a layout changes, or what its numbers mean. */
export const formatVersion = 10;
export const mostSeries = 10_000_000;
export const mostVersions = 1_000_000_000;

export type SnapshotModel = Pick<DetectionModel, 'version' | 'settings'>;

export function shapeFor(settings: DetectionSettings): UnitShape {
  return new UnitShape(unitWidth(settings), settings.recurring === 'habit');
}

/** Layout: magic, format version, model version, settings, series in order of their keys, checksum. */
export function* writeSnapshot(model: SnapshotModel, book: SeriesBook): Sliced<Uint8Array> {
  const unitWords = shapeFor(model.settings).words;
  const to = new StateWriter(expectedBytes(book, unitWords));
  to.u32(magic);
  to.u8(formatVersion);
  to.u32(model.version);
  to.text(JSON.stringify(model.settings));
  to.u32(book.size);
  yield 'long step';
  for (const [key, series] of book.inOrder()) {
    writeSeries({ book, key, series, unitWords }, to);
    yield 'step';
  }
  to.u32(checksum(to.written()));
  return to.finish();
}

/** Generous for keys and names; what is not needed costs nothing, for memory that nobody touches is not there. */
function expectedBytes(book: SeriesBook, unitWords: number): number {
  let bytes = 4096;
  for (const [key, series] of book.all())
    bytes += 4 * (seriesWords + book.units(series).length * (unitWords + 8)) + 3 * key.length + 16;
  return bytes;
}

function writeSeries(
  one: {
    readonly book: SeriesBook;
    readonly key: string;
    readonly series: number;
    readonly unitWords: number;
  },
  to: StateWriter,
): void {
  const { book, key, series, unitWords } = one;
  to.text(key);
  to.slot(book.slot(series), seriesWords);
  const tracker = book.tracker(series);
  to.u8(tracker === null ? 0 : 1);
  tracker?.write(to);
  const units = [...book.units(series)].sort((a, b) => (a.name < b.name ? -1 : 1));
  to.u32(units.length);
  for (const { name, unit } of units) {
    to.text(name);
    to.slot(book.unitSlot(unit), unitWords);
  }
}

/** @throws SnapshotError for anything but a whole snapshot of this format */
export function* readSnapshot(bytes: Uint8Array): Sliced<{ model: DetectionModel; book: SeriesBook }> {
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
  yield 'long step';
  const version = from.u32(mostVersions);
  const settings = readSettings(from.text());
  // It only says what the state is made for; it never scores.
  const model: DetectionModel = { ...builtInModel(settings), version };
  const shape = shapeFor(settings);
  const book = new SeriesBook(shape);
  const count = from.u32(mostSeries);
  for (let i = 0; i < count; i += 1) {
    readSeries(book, shape, from);
    yield 'step';
  }
  if (from.left > 0) throw new SnapshotError(`the snapshot has ${from.left} bytes too many`);
  return { model, book };
}

function readSeries(book: SeriesBook, shape: UnitShape, from: StateReader): void {
  const key = from.text();
  if (book.find(key) >= 0) throw new SnapshotError(`the snapshot holds the series ${key} twice`);
  const series = book.add(key);
  const own = book.slot(series);
  from.slot(own, seriesWords);
  if (from.u8() === 1) {
    const tracker = new AnomalyTracker(key);
    tracker.read(from);
    book.setTracker(series, tracker);
  }
  const units = from.u32(mostSignals);
  for (let i = 0; i < units; i += 1) {
    const unit = book.unit(series, own, from.text());
    if (unit < 0) throw new SnapshotError(`the snapshot holds too many units of ${key}`);
    from.slot(book.unitSlot(unit), shape.words);
  }
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
