/** What a signal's numbers measure, as far as its name says so. */
export type Unit =
  | 'seconds'
  | 'milliseconds'
  | 'microseconds'
  | 'bytes'
  | 'percent'
  | 'ratio'
  | 'rate'
  | 'celsius'
  | 'none';

const unitOfWord: Record<string, Unit> = {
  s: 'seconds',
  sec: 'seconds',
  secs: 'seconds',
  second: 'seconds',
  seconds: 'seconds',
  ms: 'milliseconds',
  millis: 'milliseconds',
  milliseconds: 'milliseconds',
  us: 'microseconds',
  micros: 'microseconds',
  microseconds: 'microseconds',
  bytes: 'bytes',
  byte: 'bytes',
  percent: 'percent',
  pct: 'percent',
  ratio: 'ratio',
  fraction: 'ratio',
  rps: 'rate',
  qps: 'rate',
  persecond: 'rate',
  celsius: 'celsius',
};

/** Words behind the unit in names such as `latency_ms_p99`. */
const statistic = /^(p\d+|avg|mean|median|max|min|sum|total|rate\d*m?)$/;

/** Unit of a signal by the convention of its name (`_ms`, `_bytes`, `_percent`, …); `none` where it does not say. */
export function unitOfSignal(signal: string): Unit {
  const words = signal
    .toLowerCase()
    .replace(/per_second|per_sec|_per_s$/, '_persecond')
    .split(/[_.:-]+/);
  for (let index = words.length - 1; index >= 0; index--) {
    const word = words[index] ?? '';
    const unit = unitOfWord[word];
    // A bare `s` at the start is a name, not a unit.
    if (unit !== undefined && (index > 0 || word.length > 2)) return unit;
    if (!statistic.test(word)) return 'none';
  }
  return 'none';
}

interface Scale {
  readonly factor: number;
  readonly suffix: string;
}

const seconds: readonly [number, Scale][] = [
  [86_400 * 2, { factor: 1 / 86_400, suffix: ' d' }],
  [7200, { factor: 1 / 3600, suffix: ' h' }],
  [120, { factor: 1 / 60, suffix: ' min' }],
  [1, { factor: 1, suffix: ' s' }],
  [1e-3, { factor: 1e3, suffix: ' ms' }],
  [0, { factor: 1e6, suffix: ' µs' }],
];

function ladder(magnitude: number, steps: readonly [number, Scale][]): Scale {
  return (
    (steps.find(([from]) => magnitude >= from) ?? steps[steps.length - 1])?.[1] ?? { factor: 1, suffix: '' }
  );
}

function scaled(base: number, steps: readonly [number, Scale][]): readonly [number, Scale][] {
  return steps.map(([from, scale]) => [from / base, { factor: scale.factor * base, suffix: scale.suffix }]);
}

const secondsInMillis = scaled(1e-3, seconds);
const secondsInMicros = scaled(1e-6, seconds);

const bytes: readonly [number, Scale][] = [
  [2 ** 40, { factor: 2 ** -40, suffix: ' TiB' }],
  [2 ** 30, { factor: 2 ** -30, suffix: ' GiB' }],
  [2 ** 20, { factor: 2 ** -20, suffix: ' MiB' }],
  [2 ** 10, { factor: 2 ** -10, suffix: ' KiB' }],
  [0, { factor: 1, suffix: ' B' }],
];

function plain(suffix: string): readonly [number, Scale][] {
  return [
    [1e9, { factor: 1e-9, suffix: ` G${suffix}` }],
    [1e6, { factor: 1e-6, suffix: ` M${suffix}` }],
    [1e5, { factor: 1e-3, suffix: ` k${suffix}` }],
    [0, { factor: 1, suffix: suffix === '' ? '' : ` ${suffix}` }],
  ];
}

const steps: Record<Unit, readonly [number, Scale][]> = {
  seconds,
  milliseconds: secondsInMillis,
  microseconds: secondsInMicros,
  bytes,
  percent: [[0, { factor: 1, suffix: ' %' }]],
  ratio: [[0, { factor: 100, suffix: ' %' }]],
  rate: plain('/s'),
  celsius: [[0, { factor: 1, suffix: ' °C' }]],
  none: plain(''),
};

/** A number with about `digits` significant digits, no exponent between 1e-4 and 1e15, and a real minus sign. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '–';
  if (value < 0) return `−${formatNumber(-value, digits)}`;
  if (value === 0) return '0';
  if (value < 1e-4 || value >= 1e15) return value.toExponential(1).replace('e', ' × 10^');
  if (value >= 10 ** digits) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** A value with its unit, such as `4.1 s`, `210 ms`, `1.4 GiB`, `43 %`, `1,204`. */
export function formatQuantity(value: number, unit: Unit, digits = 3): string {
  const { factor, suffix } = ladder(Math.abs(value), steps[unit]);
  return (
    formatNumber(value * factor, digits) + (value === 0 && unit !== 'percent' ? suffixOfZero(unit) : suffix)
  );
}

function suffixOfZero(unit: Unit): string {
  const base: Record<Unit, string> = {
    seconds: ' s',
    milliseconds: ' ms',
    microseconds: ' µs',
    bytes: ' B',
    percent: ' %',
    ratio: ' %',
    rate: ' /s',
    celsius: ' °C',
    none: '',
  };
  return base[unit];
}

/** Further apart than this, two numbers are not written in one scale. */
const widestScale = 200;

/**
 * A range in one scale, such as `0.2 to 0.4 s`; `joint` is what stands between the numbers. It takes the scale of
 * the value `beside` it, so that the two can be compared at a glance, unless that is far larger.
 */
export function formatRange(
  range: { low: number; high: number; beside?: number | null },
  unit: Unit,
  joint = ' to ',
): string {
  const own = Math.max(Math.abs(range.low), Math.abs(range.high));
  const beside = Math.abs(range.beside ?? 0);
  const { factor, suffix } = ladder(beside > own && beside < own * widestScale ? beside : own, steps[unit]);
  const low = formatNumber(range.low * factor, 2);
  const high = formatNumber(range.high * factor, 2);
  // A dash before a minus sign cannot be read.
  return low === high ? `${low}${suffix}` : `${low}${range.high < 0 ? ' to ' : joint}${high}${suffix}`;
}

/** A share in [0, 1] as a whole per cent, never rounding a real part to 0 or the whole. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return '< 1 %';
  if (share < 1 && share > 0.995) return '> 99 %';
  return `${Math.round(share * 100)} %`;
}
