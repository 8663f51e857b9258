import { useEffect, useRef } from 'react';
import { actionOfKey, type KeyAction } from '../lib/keyboard.ts';
import { searchFieldId } from './search-field.tsx';

const letterKeysKey = 'verdict.letterKeys';

/** True unless this browser switched single letters off. */
export function letterKeysOn(): boolean {
  return localStorage.getItem(letterKeysKey) !== 'off';
}

/** Switches single-letter keys on or off for this browser. */
export function setLetterKeys(on: boolean): void {
  localStorage.setItem(letterKeysKey, on ? 'on' : 'off');
}

function pressOf(event: KeyboardEvent) {
  const focus = document.activeElement;
  return {
    key: event.key,
    ctrlKey: event.ctrlKey,
    metaKey: event.metaKey,
    altKey: event.altKey,
    typing: focus?.matches('input, textarea, select, [contenteditable]') ?? false,
    onControl: focus?.matches('a, button, summary, [role="radio"], [role="menuitem"]') ?? false,
    layered: document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null,
  };
}

/**
 * Binds keys to what the page does while it is mounted. `/` goes to the search and Escape leaves a field by
 * themselves; everything else needs a handler.
 */
export function useKeyAction(handlers: Partial<Record<KeyAction, () => void>>): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const press = pressOf(event);
      const action = actionOfKey(press, letterKeysOn());
      if (action === null) return;
      if (action === 'close' && press.typing) {
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        event.preventDefault();
        return;
      }
      if (action === 'search') {
        const field = document.getElementById(searchFieldId);
        if (field === null) return;
        field.focus();
        event.preventDefault();
        return;
      }
      const handler = latest.current[action];
      if (handler === undefined) return;
      event.preventDefault();
      handler();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
