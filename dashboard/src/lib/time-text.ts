/** How times and durations are written. All local times are in `zone` (an IANA name; default the viewer's). */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A duration in at most two units: `42 s`, `6 min`, `2 h 05 min`, `3 d 4 h`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < 2 * minuteMs) return `${Math.round(ms / secondMs)} s`;
  if (ms < 2 * hourMs) return `${Math.round(ms / minuteMs)} min`;
  if (ms < 2 * dayMs) {
    const hours = Math.floor(ms / hourMs);
    const minutes = Math.floor((ms % hourMs) / minuteMs);
    return minutes === 0 ? `${hours} h` : `${hours} h ${String(minutes).padStart(2, '0')} min`;
  }
  const days = Math.floor(ms / dayMs);
  const hours = Math.floor((ms % dayMs) / hourMs);
  return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
}

/** How long ago: `just now`, `42 s ago`, `6 min ago`. */
export function formatAgo(agoMs: number): string {
  return agoMs < 5 * secondMs ? 'just now' : `${formatDuration(agoMs)} ago`;
}

/** The same instant in UTC, for a tooltip: `2026-11-22 16:02:11 UTC`. */
export function formatUtc(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(timeMs: number, options: Intl.DateTimeFormatOptions, zone: string | undefined): string {
  const key = JSON.stringify([options, zone]);
  let formatter = formats.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23', timeZone: zone });
    formats.set(key, formatter);
  }
  return formatter.format(timeMs);
}

/** Time of day with seconds: `16:02:11`. */
export function formatClock(timeMs: number, zone?: string): string {
  return format(timeMs, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, zone);
}

/** Date and time: `Sun 22 Nov, 16:02:11`. */
export function formatDateTime(timeMs: number, zone?: string): string {
  const date = format(timeMs, { weekday: 'short', day: 'numeric', month: 'short' }, zone).replace(',', '');
  return `${date}, ${formatClock(timeMs, zone)}`;
}

/** An instant as short as it is clear: the time of today, else with its day. */
export function formatMoment(timeMs: number, nowMs: number, zone?: string): string {
  return formatDay(timeMs, nowMs, zone) === 'Today'
    ? formatClock(timeMs, zone)
    : formatDateTime(timeMs, zone);
}

/** Heading of a day relative to now: `Today`, `Yesterday`, `Friday 20 November`. */
export function formatDay(timeMs: number, nowMs: number, zone?: string): string {
  const day = (ms: number) => format(ms, { year: 'numeric', month: '2-digit', day: '2-digit' }, zone);
  if (day(timeMs) === day(nowMs)) return 'Today';
  if (day(timeMs) === day(nowMs - dayMs)) return 'Yesterday';
  return format(timeMs, { weekday: 'long', day: 'numeric', month: 'long' }, zone).replace(',', '');
}

const tickSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  604_800,
].map((seconds) => seconds * secondMs);

/**
 * Round times between `fromMs` and `toMs` for an axis, at most `most` of them, aligned to the local day;
 * `offsetMs` is local time minus UTC.
 */
export function timeTicks(range: { fromMs: number; toMs: number }, most: number, offsetMs: number): number[] {
  const span = range.toMs - range.fromMs;
  if (!(span > 0) || most < 1) return [];
  const step =
    tickSteps.find((candidate) => span / candidate <= most) ??
    Math.ceil(span / most / (7 * dayMs)) * 7 * dayMs;
  const ticks: number[] = [];
  let tick = Math.ceil((range.fromMs + offsetMs) / step) * step - offsetMs;
  for (; tick <= range.toMs && ticks.length <= most; tick += step) ticks.push(tick);
  return ticks;
}

/** Label of an axis tick: seconds only where the step asks for them, the day at midnight. */
export function formatTick(timeMs: number, stepMs: number, zone?: string): string {
  const clock = formatClock(timeMs, zone);
  if (clock === '00:00:00') return format(timeMs, { day: 'numeric', month: 'short' }, zone);
  return stepMs < minuteMs ? clock : clock.slice(0, 5);
}
