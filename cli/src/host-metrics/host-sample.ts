import os from 'node:os';
import si from 'systeminformation';

/** Signals of a host, in this order: cpu and memory_used in percent, load1, disk and network in bytes per second. */
export const hostSignals = [
  'cpu',
  'load1',
  'memory_used',
  'disk_read',
  'disk_write',
  'network_rx',
  'network_tx',
] as const;
export type HostSignal = (typeof hostSignals)[number];

/** One look at the machine; null where this machine cannot tell. */
export type HostValues = Record<HostSignal, number | null>;

/** Looks at the machine. Rates are means since the look before, so the first look has none. */
export type HostSampler = () => Promise<HostValues>;

/** A look must not hold up the next ones: a part that takes longer is missing in this one. */
const partTimeoutMs = 4_000;

/** Looks at this computer. */
export async function sampleHost(): Promise<HostValues> {
  const [load, memory, disk, networks] = await Promise.all([
    part(si.currentLoad()),
    part(si.mem()),
    part(si.fsStats()),
    part(si.networkStats('*')),
  ]);
  const outside = networks?.filter(({ iface }) => !/^lo\d*$/.test(iface)) ?? [];
  return {
    cpu: finite(load?.currentLoad),
    load1: process.platform === 'win32' ? null : finite(os.loadavg()[0]),
    memory_used: memory === null ? null : finite((100 * (memory.total - memory.available)) / memory.total),
    disk_read: finite(disk?.rx_sec),
    disk_write: finite(disk?.wx_sec),
    network_rx: total(outside.map((network) => network.rx_sec)),
    network_tx: total(outside.map((network) => network.tx_sec)),
  };
}

/** A part's answer, or null when it fails or takes too long: other parts are still worth sending. */
async function part<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, partTimeoutMs, null);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    // What this machine cannot tell is a missing value, which is what null says.
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(7)) : null;
}

/** Sum of what is known; null when nothing is. */
function total(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => typeof value === 'number' && Number.isFinite(value));
  return known.length === 0 ? null : finite(known.reduce((sum: number, value) => sum + (value ?? 0), 0));
}
