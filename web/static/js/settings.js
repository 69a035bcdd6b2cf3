// The settings pane: who writes the answers, and how they are cited.

import { addActions, isConfirmed } from './actions.js';
import { byId, on, onChange, onSubmit, root } from './dom.js';
import { send } from './events.js';

addActions({
  settings: () => showSettings(!areSettingsOpen()),
  unremote: (data, button) => isConfirmed(button) && send('unremote'),
  trial: () => send('trial', { model: byId('settings-form').elements.model.value }),
});

export const areSettingsOpen = () => root.classList.contains('settings-open');

export function showSettings(open) {
  root.classList.toggle('settings-open', open);
  const toggle = document.querySelector('[data-do="settings"]');
  toggle.setAttribute('aria-expanded', String(open));
  if (open) send('settings'); // servers of models are looked for now, not before
  else toggle.focus();
}

// Until Python draws, what was chosen holds.
function keep(field) {
  for (const other of field.form.elements) other.toggleAttribute('checked', other === field);
}

on('change', '#settings-form input', (field) => {
  keep(field);
  send('choose', { model: field.value });
});
on('change', '#style-form input', (field) => {
  keep(field);
  send('cite', { style: field.value });
});
onSubmit('#remote-form', (form) => send('remote', Object.fromEntries(new FormData(form))));
document.addEventListener('pointerdown', ({ target }) => {
  if (areSettingsOpen() && !target.closest('#settings-pane, [data-do="settings"]')) showSettings(false);
});

// What Python has drawn is what holds.
function followDrawing() {
  for (const field of document.querySelectorAll(':is(#settings-form, #style-form) input')) field.checked = field.hasAttribute('checked');
}

export function start() {
  byId('settings-pane').setAttribute('role', 'dialog');
  byId('settings-pane').setAttribute('aria-label', 'Settings');
  onChange('settings', followDrawing, ['checked']);
}
