import { Gauge, type Registry } from '@verdict/process';

/** `verdict_overlay_entries{pool}` in the registry: takes the entries of a pool (`namespace/pool`). */
export function overlayGauge(registry: Registry): (pool: string, entries: number) => void {
  const gauge = new Gauge({
    name: 'verdict_overlay_entries',
    help: 'False alarms that keep their like quiet.',
    labelNames: ['pool'],
    registers: [registry],
  });
  return (pool, entries) => gauge.set({ pool }, entries);
}
