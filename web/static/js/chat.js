// The conversation: asking, changing a question, and where the page stands while an answer is written.

import { addActions } from './actions.js';
import { focusComposer, isBusy } from './composer.js';
import { byId, editInPlace, onChange, root } from './dom.js';
import { send } from './events.js';
import { showPending } from './pending.js';
import { close as closeReader } from './reader.js';

addActions({
  ask: (data) => isBusy() || ask(data.text),
  retry: (data) => isBusy() || retry(data),
  'drop-slot': (data, button) => isBusy() || retry(button.parentElement.dataset),
  'change-slot': (data, button) => isBusy() || changeSlot(button),
  edit: (data) => isBusy() || edit(data.place),
  keep: () => keepQuestion(),
  looked: () => send('looked'),
  home: () => { send('home'); closeReader(); focusComposer(); },
});

export const isEditing = () => Boolean(document.querySelector('.editing'));

function ask(text) {
  send('ask', { text });
  showPending(text);
}

// Asks a question again: `alone` as no follow-up, `unlimited` by filters, as another `kind`, or with a `slot` left out or in other `words`.
function retry({ place, alone = '', unlimited, kind, slot, value, carried, words }) {
  send('retry', { place, alone, unlimited, kind, slot, value, carried, words });
  supersede(Number(place));
}

function changeSlot(button) {
  editInPlace(button, 'Change what is meant', (words) => retry({ ...button.parentElement.dataset, words }));
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

// While a question is being changed or asked again, what its new answer will replace is pale.
function supersede(place) {
  for (const exchange of document.querySelectorAll('.exchange[data-place]')) {
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
