/** What a key asks for. */
export type KeyAction =
  | 'next'
  | 'previous'
  | 'answerTrue'
  | 'answerFalse'
  | 'undo'
  | 'switchView'
  | 'search'
  | 'help'
  | 'open'
  | 'close';

/** A key press, as far as the map needs it. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** The focus is where text is typed. */
  readonly typing: boolean;
  /** The focus is on something that Enter activates by itself (a link, a button). */
  readonly onControl: boolean;
  /** A dialog or menu is open and has the keys. */
  readonly layered: boolean;
}

/** One line of the help. */
export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

/** All shortcuts, for the help dialog. */
export const keyHelp: readonly KeyHelp[] = [
  { keys: ['j', '↓'], does: 'Next anomaly' },
  { keys: ['k', '↑'], does: 'Previous anomaly' },
  { keys: ['Enter'], does: 'Open the chosen anomaly' },
  { keys: ['t'], does: 'Answer: a true anomaly' },
  { keys: ['f'], does: 'Answer: a false alarm' },
  { keys: ['u'], does: 'Undo your answer' },
  { keys: ['w'], does: 'Switch between all anomalies and those worth your verdict' },
  { keys: ['/'], does: 'Search' },
  { keys: ['Esc'], does: 'Leave the search, close the anomaly' },
  { keys: ['?'], does: 'This help' },
];

const letters: Record<string, KeyAction> = {
  j: 'next',
  k: 'previous',
  t: 'answerTrue',
  f: 'answerFalse',
  u: 'undo',
  w: 'switchView',
  '/': 'search',
  '?': 'help',
};
const named: Record<string, KeyAction> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Enter: 'open',
  Escape: 'close',
};

/**
 * The action of a key press, or null. Keys with Ctrl, Alt or Cmd stay the browser's; while somebody types, only
 * Escape counts; single letters can be switched off (`letterKeys`), which speech control needs (WCAG 2.1.4).
 */
export function actionOfKey(press: KeyPress, letterKeys = true): KeyAction | null {
  if (press.ctrlKey || press.metaKey || press.altKey || press.layered) return null;
  if (press.key === 'Escape') return 'close';
  if (press.typing) return null;
  if (press.key === 'Enter' && press.onControl) return null;
  return named[press.key] ?? (letterKeys ? (letters[press.key] ?? null) : null);
}
