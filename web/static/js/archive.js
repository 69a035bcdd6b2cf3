// The archive page: what was found, which Python sorts and turns, cables that are selected, and files that are added by
// the button or dropped on the page.

import { addActions, isConfirmed } from './actions.js';
import { byId, createNote, on, onChange, root } from './dom.js';
import { focusComposer } from './composer.js';
import { send } from './events.js';
import { isArchive, show as showPage } from './pages.js';

const FILE_FIELD = '#archive-tools input[type="file"]';

addActions({
  manage: (data, button) => button.setAttribute('aria-expanded', String(root.classList.toggle('managing'))),
  narrow: (data, button) => button.setAttribute('aria-expanded', String(root.classList.toggle('narrowing'))),
  list: (data) => { send('list', { place: data.place }); showPage('archive', false); },
  'search-words': (data) => { send('list', { words: data.words }); showPage('archive', false); },
  'news-list': (data, button) => { send('list', { news: 1 }); button.closest('.news').hidden = true; showPage('archive', false); },
  samples: () => send('samples'),
  'choose-files': () => document.querySelector(FILE_FIELD).click(),
  csv: () => send('csv'),
  'ask-only': () => { send('only', { cables: selectedIds() }); showPage('chat'); focusComposer(); },
  'select-none': () => { selected.clear(); followSelection(); },
  undo: (data) => send('undo', { cable: data.cable }),
  sort: (data) => send('sort', { column: data.column, down: data.down }),
  turn: (data) => { send('turn', { start: data.start }); byId('table').scrollIntoView(); },
  withdraw: (data, button) => isConfirmed(button) && send('withdraw', { cable: data.cable }),
});

const selected = new Set(); // ids of cables; they stay selected while the search goes on

export const selectedIds = () => [...selected];

function nameSelection() {
  const bar = document.querySelector('.selection');
  if (!bar) return;
  const words = `${selected.size} selected`, place = bar.querySelector('span');
  bar.hidden = !selected.size;
  if (place.textContent !== words) place.textContent = words; // or its change would be noticed, and so on for ever
}

function select(boxes, isSelected) {
  for (const { value } of boxes) selected[isSelected ? 'add' : 'delete'](value);
  followSelection();
}

// Boxes that Python has drawn, in the place of others, show what is selected.
function followSelection() {
  const boxes = [...document.querySelectorAll('.pick')];
  for (const box of boxes) box.checked = selected.has(box.value);
  const all = document.querySelector('.pick-all');
  if (all) all.checked = boxes.every((box) => box.checked);
  nameSelection();
}

on('change', '.pick', (box) => select([box], box.checked));
on('change', '.pick-all', (all) => select(document.querySelectorAll('.pick'), all.checked));

document.addEventListener('change', ({ target }) => {
  if (target.matches(FILE_FIELD) && target.files.length) note('status', describe([...target.files]));
}, true);

function describe(files) {
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const [unit, size] = bytes < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6];
  const format = new Intl.NumberFormat(undefined, { style: 'unit', unit, maximumFractionDigits: 1 });
  return `Sending ${files.length === 1 ? files[0].name : `${files.length} files`} (${format.format(bytes / size)}) …`;
}

function note(role, text) {
  byId('run').before(createNote('sending', role, text));
}

// Says in place of "Sending ..." that files did not arrive; Gradio shows the server's reason.
export function noteNotSent(reason) {
  note('alert', `${reason} Your files were not added.`.trim());
}

// Files that are dropped on the page go the way of the button.
const takesFiles = () => isArchive() || document.querySelector('.begin');
const holdsFiles = (event) => takesFiles() && event.dataTransfer?.types.includes('Files');
document.addEventListener('dragover', (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  root.classList.add('dropping');
});
document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) root.classList.remove('dropping'); });
document.addEventListener('drop', (event) => {
  root.classList.remove('dropping');
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const field = document.querySelector(FILE_FIELD);
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
});

export function start() {
  onChange('table', followSelection, ['value']);
  onChange('csv', () => byId('csv').querySelector('a')?.click());
  onChange('run', () => byId('run').textContent && byId('sending')?.remove());
}
