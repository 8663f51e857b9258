import { readConfig } from '@verdict/process';
import { z } from 'zod';
import type { HubSettings } from './store/hub.ts';

const name = '[A-Za-z0-9][A-Za-z0-9._-]*';
const group = `(${name}/)?(${name}|\\$Default)`;
const list = (text: string): string[] => (text === '' ? [] : text.split(',').map((item) => item.trim()));

const environment = z.object({
  /** Address to listen at. */
  VERDICT_EMULATOR_HOST: z.string().default('127.0.0.1'),
  /** TCP port; 0 takes any free one. */
  VERDICT_EMULATOR_PORT: z.coerce.number().int().min(0).max(65_535).default(5672),
  /** Folder that keeps everything; made if need be. */
  VERDICT_EMULATOR_DATA: z.string(),
  /** Hubs and their numbers of partitions: `data:8,feedback:4`. */
  VERDICT_EMULATOR_HUBS: z
    .string()
    .regex(
      new RegExp(`^${name}:\\d+(\\s*,\\s*${name}:\\d+)*$`),
      'must look like data:8,feedback:4 (hub:partitions)',
    ),
  /** Consumer groups beside `$Default`: `shop` for every hub, `data/shop` for one. */
  VERDICT_EMULATOR_CONSUMER_GROUPS: z
    .string()
    .regex(new RegExp(`^${group}(\\s*,\\s*${group})*$`, 'i'), 'must look like shop,data/hosts ([hub/]group)')
    .default(''),
  /** Name of the shared access key. */
  VERDICT_EMULATOR_KEY_NAME: z
    .string()
    .regex(/^[^;=\s]+$/)
    .default('emulator'),
  /** File that holds the shared access key, the text as it stands in connection strings. */
  VERDICT_EMULATOR_KEY_FILE: z.string(),
  /** Age from which events are dropped. */
  VERDICT_EMULATOR_RETENTION_HOURS: z.coerce.number().positive().default(24),
  /** Bytes of a partition above which its oldest events are dropped. */
  VERDICT_EMULATOR_RETENTION_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(2 ** 30),
});

/** The emulator's configuration. */
export interface EmulatorConfig {
  host: string;
  port: number;
  dataFolder: string;
  hubs: HubSettings[];
  keyName: string;
  keyFile: string;
  retention: { afterMs: number; maxBytes: number };
}

/** Reads the environment; names every problem and ends the process when it cannot be used. */
export function loadConfig(): EmulatorConfig {
  const given = readConfig(environment, process.env);
  const groups = list(given.VERDICT_EMULATOR_CONSUMER_GROUPS);
  return {
    host: given.VERDICT_EMULATOR_HOST,
    port: given.VERDICT_EMULATOR_PORT,
    dataFolder: given.VERDICT_EMULATOR_DATA,
    hubs: list(given.VERDICT_EMULATOR_HUBS).map((item) => {
      const [hub = '', partitions] = item.split(':');
      return { name: hub, partitions: Number(partitions), consumerGroups: groupsOf(hub, groups) };
    }),
    keyName: given.VERDICT_EMULATOR_KEY_NAME,
    keyFile: given.VERDICT_EMULATOR_KEY_FILE,
    retention: {
      afterMs: given.VERDICT_EMULATOR_RETENTION_HOURS * 3_600_000,
      maxBytes: given.VERDICT_EMULATOR_RETENTION_BYTES,
    },
  };
}

function groupsOf(hub: string, groups: readonly string[]): string[] {
  return groups.flatMap((group) => {
    const [first = '', second] = group.split('/');
    if (second === undefined) return [first];
    return first.toLowerCase() === hub.toLowerCase() ? [second] : [];
  });
}
