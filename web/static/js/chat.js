// The conversation: asking, changing a question, and where the page stands while an answer is written.

import { addActions } from './actions.js';
import { byId, onChange, root } from './dom.js';
import { send } from './events.js';
import { close as closeReader } from './reader.js';

addActions({
  ask: (data) => isBusy() || send('ask', { text: data.text }),
  retry: (data) => isBusy() || send('retry', { place: data.place, alone: data.alone || '' }),
  edit: (data) => isBusy() || edit(data.place),
  keep: () => keepQuestion(),
  home: () => { send('home'); closeReader(); focusComposer(); },
});

export const composer = () => document.querySelector('#composer textarea');
export const isBusy = () => Boolean(document.querySelector('#composer .stop-button')); // an answer is being written
export const isEditing = () => Boolean(document.querySelector('.editing'));

export function focusComposer() {
  composer()?.focus();
}

function edit(place) {
  send('edit', { place });
  supersede(Number(place));
  focusComposer();
}

// Leaves the question that is being changed as it was.
export function keepQuestion() {
  send('keep');
  supersede(Infinity);
  focusComposer();
}

// While a question is being changed, what its new answer would replace is pale.
function supersede(place) {
  for (const exchange of document.querySelectorAll('.exchange')) {
    exchange.classList.toggle('superseded', Number(exchange.dataset.place) >= place);
  }
}

// A new question moves to the top and stays there while its answer is written below.
function bringUp() {
  const last = byId('live').querySelector('.exchange');
  if (last && last.id !== root.dataset.last) last.scrollIntoView({ block: 'start' });
  root.dataset.last = last?.id || '';
}

export function start() {
  onChange('live', bringUp, ['id']);
}
