// The filters' panel, and the form of the archive's table, which filters too: both are sent as they change.

import { addActions } from './actions.js';
import { byId, on, onChange, root } from './dom.js';
import { send } from './events.js';
import { onPeriod, showPeriod } from './histogram.js';

const SEARCH_DELAY_MS = 200;

addActions({
  filters: () => showFilters(!areFiltersOpen()),
  unfilter: (data) => send('unfilter', { what: data.what, value: data.value || '' }),
  only: (data, button) => togglePost(button.closest('form'), data.value),
});

export const areFiltersOpen = () => root.classList.contains('filters-open');

export function showFilters(open) {
  root.classList.toggle('filters-open', open);
  nameToggle();
  if (open) send('facets');
}

function nameToggle() {
  document.querySelector('.filter-toggle')?.setAttribute('aria-expanded', String(areFiltersOpen()));
}

// What a form holds: lists of what is chosen, months as they are.
function filtersIn(form) {
  const data = new FormData(form), filters = {};
  for (const { name, type } of form.elements) {
    if (['checkbox', 'select-one'].includes(type)) filters[name] = data.getAll(name).filter(Boolean);
    if (type === 'month') filters[name] = data.get(name);
  }
  return filters;
}

function sendForm(form) {
  if (form.id !== 'browse') return send('filter', filtersIn(form));
  showPeriod(form);
  send('find', { words: form.elements.words.value, ...filtersIn(form) });
}

function togglePost(form, post) {
  form.elements.posts.value = form.elements.posts.value === post ? '' : post;
  sendForm(form);
}

on('change', '#filter-form :not([type="search"]), #browse :not([type="search"])', (field) => sendForm(field.form));
on('input', '.find', (field) => sendForm(field.form), SEARCH_DELAY_MS);
on('input', '.narrow', (field) => {
  const words = field.value.toUpperCase();
  for (const item of field.closest('fieldset').querySelectorAll('li')) {
    item.hidden = !item.textContent.toUpperCase().includes(words);
  }
});
onPeriod(sendForm);
document.addEventListener('submit', (event) => {
  if (event.target.matches('#filter-form, #browse')) event.preventDefault();
});
document.addEventListener('reset', (event) => {
  if (event.target.id !== 'browse') return;
  event.preventDefault(); // the form's first state may hold filters
  for (const field of event.target.querySelectorAll('input, select')) field.value = '';
  sendForm(event.target);
});

// What Python has drawn is what holds: boxes and fields follow their attributes, the range follows the fields.
function followDrawing() {
  const form = byId('filter-form');
  nameToggle();
  if (!form) return;
  for (const box of form.querySelectorAll('[type="checkbox"]')) box.checked = box.hasAttribute('checked');
  for (const field of form.querySelectorAll('[type="month"]')) field.value = field.getAttribute('value') || '';
  showPeriod(form);
}

export function start() {
  onChange('above', followDrawing, ['checked', 'value', 'viewBox']);
  onChange('browsing', () => byId('browse') && showPeriod(byId('browse')));
}
