// Dossiers: composed, opened, renamed, deleted, and added to by hand; Python draws them.

import { addActions, isConfirmed } from './actions.js';
import { selectedIds } from './archive.js';
import { byId, createNote, editInPlace, onChange, onSubmit } from './dom.js';
import { send } from './events.js';
import { show as showPage } from './pages.js';

const PINNED_MS = 4000;

addActions({
  'dossier-of': () => { send('compose', { about: selectedIds().join(' ') }); showPage('dossiers', false); showComposing(); },
  dossier: (data) => { send('dossier', { id: data.id }); showComposing(); },
  retitle: ({ id }, button) => editInPlace(button.closest('li').querySelector('.dossier-title'), 'New title',
    (title) => send('retitle', { id, title })),
  discard: (data, button) => isConfirmed(button) && send('discard', { id: data.id }),
  pin: (data) => send('pin', { key: data.key }),
  unpin: (data, button) => isConfirmed(button) && send('unpin', { place: data.place }),
  summarise: (data, button) => { button.disabled = true; send('summarise'); },
});

onSubmit('#compose-form', (form) => { send('compose', { about: form.elements.about.value }); form.reset(); showComposing(); });
onSubmit('#note-form', (form) => { send('note', { note: form.elements.note.value }); form.reset(); });

function showComposing() {
  byId('dossier').before(createNote('composing', 'status', 'Composing …'));
}

// Says for a while where a paragraph was pinned to.
let hiding;
function showPinned() {
  clearTimeout(hiding);
  const note = byId('pinned');
  note.hidden = !note.textContent;
  hiding = setTimeout(() => { note.hidden = true; }, PINNED_MS);
}

export function start() {
  onChange('dossier', () => byId('composing')?.remove());
  onChange('pinned', showPinned);
}
