import { formatClock, formatDateTime, formatUtc } from '../lib/time-text.ts';

/** An instant in the viewer's zone; UTC on hover. `form` clock leaves out the day. */
export function TimeText({ at, form = 'full' }: { at: string | number; form?: 'full' | 'clock' }) {
  const timeMs = typeof at === 'number' ? at : Date.parse(at);
  const text = form === 'clock' ? formatClock(timeMs) : formatDateTime(timeMs);
  return (
    <time dateTime={new Date(timeMs).toISOString()} title={formatUtc(timeMs)}>
      {text}
    </time>
  );
}
