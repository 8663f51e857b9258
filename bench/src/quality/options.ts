import { parseArgs } from 'node:util';
import { type BacktestSettings, defaultBacktest } from '@verdict/cli/backtest';
import { members } from '../ablation/members.ts';

/** A set that can be measured. */
export type SetName = 'nab' | 'smd' | 'asd';

const sets: readonly SetName[] = ['nab', 'smd', 'asd'];

export const help = `Measures the engine on labelled series and prints one table; progress goes to stderr.

Usage: npm run bench:quality -- --data DIR [options]
  --data DIR       folder with nab/, smd/ and asd/ (any of them may be missing)
  --only SETS      nab, smd or asd, or several parted by commas
  --json FILE      write all figures there as well
  --model KIND     trained (default) or built-in
  --signals HOW    how the signals of machines are scored: together (default) or each
  --window N       readings in a window (32)
  --seed N         seed of trainings (1)
  --ablation       leave each member of the engine out in turn, and print what that does
  --members KEYS   with --ablation: only these, parted by commas
                   (${members.map(({ key }) => key).join(', ')})
`;

/** What a run measures. */
export interface QualityOptions {
  readonly data: string;
  readonly only: readonly SetName[];
  readonly json: string | undefined;
  /** Whether members are left out in turn. */
  readonly ablation: boolean;
  /** Keys of the members that are; `null` = all. */
  readonly members: readonly string[] | null;
  readonly settings: BacktestSettings & { readonly model: 'trained' | 'built-in' };
}

/** Reads the command line; null = help is wanted. @throws Error with one sentence for a call that cannot work */
export function readOptions(args: readonly string[]): QualityOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      model: { type: 'string', default: defaultBacktest.model },
      signals: { type: 'string', default: defaultBacktest.signals },
      window: { type: 'string', default: String(defaultBacktest.window) },
      seed: { type: 'string', default: String(defaultBacktest.seed) },
      ablation: { type: 'boolean', default: false },
      members: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return null;
  if (values.data === undefined)
    throw new Error('--data DIR is needed: the folder with nab/, smd/ and asd/.');
  return {
    data: values.data,
    only: values.only === undefined ? sets : values.only.split(',').map((one) => chosen('--only', one, sets)),
    json: values.json,
    ablation: values.ablation,
    members: values.members === undefined ? null : chosenMembers(values.ablation, values.members),
    settings: {
      ...defaultBacktest,
      model: chosen('--model', values.model, ['trained', 'built-in'] as const),
      signals: chosen('--signals', values.signals, ['each', 'together'] as const),
      window: whole('--window', values.window),
      seed: whole('--seed', values.seed),
    },
  };
}

function chosenMembers(ablation: boolean, text: string): string[] {
  if (!ablation) throw new Error('--members goes with --ablation.');
  const keys = members.map(({ key }) => key);
  return text.split(',').map((one) => chosen('--members', one, keys));
}

function chosen<T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === text);
  if (found === undefined) throw new Error(`${option} is one of ${choices.join(', ')}, not "${text}".`);
  return found;
}

function whole(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`${option} is a whole number, not "${text}".`);
  return value;
}
