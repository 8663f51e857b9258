import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionOfKey, type KeyPress } from './keyboard.ts';

function press(key: string, changes: Partial<KeyPress> = {}): KeyPress {
  return {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    typing: false,
    onControl: false,
    layered: false,
    ...changes,
  };
}

test('letters move and answer', () => {
  assert.equal(actionOfKey(press('j')), 'next');
  assert.equal(actionOfKey(press('k')), 'previous');
  assert.equal(actionOfKey(press('t')), 'answerTrue');
  assert.equal(actionOfKey(press('f')), 'answerFalse');
  assert.equal(actionOfKey(press('u')), 'undo');
  assert.equal(actionOfKey(press('w')), 'switchView');
  assert.equal(actionOfKey(press('/')), 'search');
  assert.equal(actionOfKey(press('?')), 'help');
  assert.equal(actionOfKey(press('x')), null);
});

test('typing a t into a comment answers nothing, Escape leaves the field', () => {
  assert.equal(actionOfKey(press('t', { typing: true })), null);
  assert.equal(actionOfKey(press('Escape', { typing: true })), 'close');
});

test('shortcuts of the browser and of dialogs are left alone', () => {
  assert.equal(actionOfKey(press('f', { ctrlKey: true })), null);
  assert.equal(actionOfKey(press('k', { metaKey: true })), null);
  assert.equal(actionOfKey(press('Escape', { layered: true })), null);
});

test('Enter on a button presses the button only', () => {
  assert.equal(actionOfKey(press('Enter', { onControl: true })), null);
  assert.equal(actionOfKey(press('Enter')), 'open');
});

test('letters can be switched off, arrows stay', () => {
  assert.equal(actionOfKey(press('t'), false), null);
  assert.equal(actionOfKey(press('ArrowDown'), false), 'next');
});
