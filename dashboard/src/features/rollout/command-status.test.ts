import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AskedCommand, commandStatus, commandText } from './command-status.ts';
import { rolloutState } from './rollout.fixture.ts';

const asked: AskedCommand = { id: 'c1', request: { kind: 'pause' } };
const handled = rolloutState({ handledCommands: ['c0', 'c1'] });
const event = (reason: 'Paused' | 'CommandRefused' | 'StepStarted', second: number, commandId?: string) => ({
  reason,
  message: `${reason} ${second}`,
  at: `2026-11-22T20:00:0${second}.000Z`,
  ...(commandId === undefined ? {} : { commandId }),
});

test('a command is asked until its id was handled', () => {
  assert.equal(commandStatus(asked, { state: rolloutState(), events: [] }).state, 'asked');
  assert.equal(commandStatus(asked, { state: null, events: [] }).state, 'asked');
});

test('the event of the command answers it, not one of another', () => {
  const events = [event('Paused', 0, 'c0'), event('StepStarted', 1), event('Paused', 2, 'c1')];
  assert.deepEqual(commandStatus(asked, { state: handled, events }), { state: 'obeyed', text: 'Paused 2' });
});

test('a refused command says why', () => {
  const events = [event('CommandRefused', 0, 'c0'), event('CommandRefused', 1, 'c1')];
  assert.deepEqual(commandStatus(asked, { state: handled, events }), {
    state: 'refused',
    text: 'Asked to pause, refused: CommandRefused 1',
  });
});

test('a handled command whose event is no longer kept is done', () => {
  assert.equal(commandStatus(asked, { state: handled, events: [] }).text, 'Asked to pause: done');
});

test('a rollback names its version', () => {
  assert.equal(commandText({ kind: 'rollback', version: 0 }), 'roll back to the built-in version');
});
