import { type Labels, labelName } from '../sample.ts';
import { fitSegment } from './fit-name.ts';
import { podWorkload } from './pod-workload.ts';

interface Choice {
  readonly label: string;
  readonly change: (value: string) => string;
}
type Part = string | readonly Choice[];

/** A template (see `LabelTemplate`), ready to be filled. */
export interface CompiledTemplate {
  /** The text, or null when a placeholder has none of its labels. */
  fill(labels: Labels): string | null;
  /** Whether a placeholder names the label. */
  names(label: string): boolean;
}

/** Compiles a template; what fills a placeholder is made fit for one segment of a key. */
export function labelTemplate(text: string): CompiledTemplate {
  const parts: Part[] = text
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? part.slice(1, -1).split('|').map(choiceOf) : part));
  return {
    fill(labels) {
      let filled = '';
      for (const part of parts) {
        const value = typeof part === 'string' ? part : chosen(part, labels);
        if (value === null) return null;
        filled += value;
      }
      return filled;
    },
    names: (label) =>
      parts.some((part) => typeof part !== 'string' && part.some((one) => one.label === label)),
  };
}

function choiceOf(text: string): Choice {
  const [name = '', change] = text.split(':');
  return { label: labelName(name), change: change === 'workload' ? podWorkload : (value) => value };
}

function chosen(choices: readonly Choice[], labels: Labels): string | null {
  for (const { label, change } of choices) {
    const value = labels.get(label);
    if (value !== undefined && value !== '') return fitSegment(change(value));
  }
  return null;
}
