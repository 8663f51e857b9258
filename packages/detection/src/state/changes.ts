import { AnomalyTracker } from '../anomalies/anomaly-tracker.ts';
import { mostSignals } from '../detection-settings.ts';
import type { SeriesBook } from '../series/series-book.ts';
import { seriesWords } from '../series/series-times.ts';
import type { UnitShape } from '../unit/unit-state.ts';
import { readBlocks } from './changed-blocks.ts';
import type { Sliced } from './sliced.ts';
import { formatVersion, mostSeries, mostVersions, type SnapshotModel, shapeFor } from './snapshot.ts';
import { checksum, SnapshotError, StateReader, StateWriter } from './state-codec.ts';
import type { StateMarks } from './state-marks.ts';

/** "VDSC" */
const magic = 0x43534456;

/** Layout: magic, format version, model version, settings, then what the marks write, checksum. */
export function* writeChanges(model: SnapshotModel, marks: StateMarks): Sliced<Uint8Array> {
  const to = new StateWriter(marks.expectedBytes);
  to.u32(magic);
  to.u8(formatVersion);
  to.u32(model.version);
  to.text(JSON.stringify(model.settings));
  yield* marks.write(to);
  to.u32(checksum(to.written()));
  const written = to.finish();
  marks.expectedBytes = 4096 + Math.ceil(1.05 * written.length);
  return written;
}

/**
 * Leads the state of a snapshot on to where the changes were written.
 * @throws SnapshotError for anything but whole changes of this format and of the model that the state is made for; the
 * book is of no use then
 */
export function* applyChanges(bytes: Uint8Array, model: SnapshotModel, book: SeriesBook): Sliced<void> {
  if (bytes.length < 9) throw new SnapshotError(`${bytes.length} bytes are no changes`);
  const body = bytes.subarray(0, bytes.length - 4);
  const from = new StateReader(body);
  if (from.u32() !== magic) throw new SnapshotError('these are not changes of the detection engine');
  const format = from.u8();
  if (format !== formatVersion)
    throw new SnapshotError(`the changes have format ${format}, this engine reads ${formatVersion}`);
  if (new StateReader(bytes.subarray(bytes.length - 4)).u32() !== checksum(body))
    throw new SnapshotError('the changes are damaged or cut short: their checksum does not fit');
  if (from.u32(mostVersions) !== model.version || from.text() !== JSON.stringify(model.settings))
    throw new SnapshotError('the changes are of another model than the snapshot');
  const gone = from.u32(mostSeries);
  for (let i = 0; i < gone; i += 1) {
    const key = from.text();
    if (!book.remove(key)) throw new SnapshotError(`the changes drop the series ${key}, which is not there`);
  }
  const shape = shapeFor(model.settings);
  const changed = from.u32(mostSeries);
  for (let i = 0; i < changed; i += 1) {
    readSeries(book, shape, from);
    yield 'step';
  }
  if (from.left > 0) throw new SnapshotError(`the changes have ${from.left} bytes too many`);
}

function readSeries(book: SeriesBook, shape: UnitShape, from: StateReader): void {
  const key = from.text();
  const known = book.find(key);
  const series = known < 0 ? book.add(key) : known;
  const own = book.slot(series);
  const tracker = from.u8() === 1 ? new AnomalyTracker(key) : null;
  tracker?.read(from);
  book.setTracker(series, tracker);
  readBlocks(own, seriesWords, from);
  const units = from.u32(mostSignals);
  for (let i = 0; i < units; i += 1) {
    const unit = book.unit(series, own, from.text());
    if (unit < 0) throw new SnapshotError(`the changes hold too many units of ${key}`);
    readBlocks(book.unitSlot(unit), shape.words, from);
  }
}
