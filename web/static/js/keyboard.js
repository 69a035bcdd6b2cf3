// Keys that work all over the page, and their list.

import { addActions } from './actions.js';
import { isEditing, keepQuestion } from './chat.js';
import { focusComposer, isBusy } from './composer.js';
import { hideDrawer } from './conversations.js';
import { areFiltersOpen, showFilters } from './filters.js';
import { close as closeReader, isReading, step } from './reader.js';
import { areSettingsOpen, showSettings } from './settings.js';
import { hideTooltip } from './tooltip.js';

const KEYS = [
  ['/', 'Write a question', focusComposer],
  ['j', 'Read the next citation', () => step(1)],
  ['k', 'Read the previous citation', () => step(-1)],
  ['?', 'Show these keys', showKeys],
];
const OTHER_KEYS = [
  ['Enter', 'Send the question, or open the marker that has the focus'],
  ['Shift Enter', 'Begin a new line in the question'],
  ['Escape', 'Close what was opened last, and go back to where it was opened'],
];

const dialog = document.createElement('dialog');
dialog.className = 'keys';
dialog.setAttribute('aria-labelledby', 'keys-title');
addActions({ keys: showKeys, 'close-keys': () => dialog.close() });

function showKeys() {
  const row = ([key, what]) => `<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`;
  dialog.innerHTML = `<h2 id="keys-title">Keys</h2><dl>${[...KEYS, ...OTHER_KEYS].map(row).join('')}</dl>
    <button type="button" class="tool" data-do="close-keys">Close</button>`;
  (document.querySelector('.gradio-container') || document.body).append(dialog);
  dialog.showModal();
}

document.addEventListener('keydown', (event) => {
  if (dialog.open) return; // the browser closes it by Escape
  const isSending = event.key === 'Enter' && !event.shiftKey && event.target.closest('#composer textarea');
  if (event.key === 'Escape') leave();
  else if (isSending && isBusy()) stop(event);
  else if (!event.target.closest('input, textarea, select, [contenteditable]')) press(event);
}, true);

function press(event) {
  const act = !event.ctrlKey && !event.metaKey && !event.altKey && KEYS.find(([key]) => key === event.key)?.[2];
  if (!act) return;
  event.preventDefault();
  act();
}

// Closes what was opened last.
function leave() {
  hideTooltip();
  if (areSettingsOpen()) showSettings(false);
  else if (areFiltersOpen()) showFilters(false);
  else if (isEditing()) keepQuestion();
  else if (!hideDrawer() && isReading()) closeReader();
}

function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
