import { Button, IconButton } from '../../components/button.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { TimeText } from '../../components/time-text.tsx';
import { rangePresets, shifted, type TimeRange, zoomed } from '../../lib/time-range.ts';
import { formatDay } from '../../lib/time-text.ts';
import styles from './series.module.css';

/** Presets that follow now, steps for zooming and moving without the mouse, and the way to report what was missed. */
export function RangeTools(props: {
  range: TimeRange;
  bounds: { fromMs: number; toMs: number };
  onChange: (range: TimeRange) => void;
  /** Begins the report of a missed anomaly; undefined for those who may not. */
  onReport: (() => void) | undefined;
}) {
  const { range, bounds } = props;
  const fix = (next: { fromMs: number; toMs: number }) => props.onChange({ kind: 'fixed', ...next });
  return (
    <div className={styles.tools} role="toolbar" aria-label="Time range">
      <Segmented
        label="Range that ends now"
        value={range.kind === 'last' ? range.preset : undefined}
        choices={rangePresets.map((preset) => ({ value: preset, text: preset }))}
        onChoose={(preset) => props.onChange({ kind: 'last', preset })}
      />
      <span className={styles.buttons}>
        <IconButton icon="back" label="Earlier" onClick={() => fix(shifted(bounds, -0.5, Date.now()))} />
        <IconButton icon="forward" label="Later" onClick={() => fix(shifted(bounds, 0.5, Date.now()))} />
        <IconButton icon="plus" label="Zoom in" onClick={() => fix(zoomed(bounds, 0.5, Date.now()))} />
        <IconButton icon="minus" label="Zoom out" onClick={() => fix(zoomed(bounds, 2, Date.now()))} />
      </span>
      {props.onReport !== undefined && (
        <Button icon="flag" onClick={props.onReport}>
          Report a missed anomaly
        </Button>
      )}
      <span className={styles.bounds}>
        <TimeText at={bounds.fromMs} /> to{' '}
        {range.kind === 'last' ? (
          'now, live'
        ) : (
          <TimeText at={bounds.toMs} form={sameDay(bounds) ? 'clock' : 'full'} />
        )}
      </span>
    </div>
  );
}

function sameDay({ fromMs, toMs }: { fromMs: number; toMs: number }): boolean {
  return formatDay(fromMs, toMs) === 'Today';
}
