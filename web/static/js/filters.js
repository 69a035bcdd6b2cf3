// The filters' panel, and the form of the archive's search with its facets: both are sent as they change.

import { addActions } from './actions.js';
import { byId, on, onChange, root } from './dom.js';
import { send } from './events.js';
import { onPeriod, showPeriod } from './histogram.js';

const SEARCH_DELAY_MS = 200;

addActions({
  filters: () => showFilters(!areFiltersOpen()),
  unfilter: (data) => send('unfilter', { what: data.what, value: data.value || '' }),
  name: (data) => addWords(byId('browse'), `"${data.value}"`),
  'search-all': () => sendForm(byId('browse'), '1'),
  year: (data, button) => chooseYear(byId('browse'), button.getAttribute('aria-pressed') === 'true' ? '' : data.value),
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
    if (type === 'checkbox') filters[name] = data.getAll(name).filter(Boolean);
    if (type === 'month') filters[name] = data.get(name);
  }
  return filters;
}

// `all`: also where the search was limited to some cables.
function sendForm(form, all = '') {
  if (form.id !== 'browse') return send('filter', filtersIn(form));
  showPeriod(form);
  send('find', { words: form.elements.words.value, all, ...filtersIn(form) });
}

function chooseYear(form, year) {
  form.elements.since.value = year && `${year}-01`;
  form.elements.until.value = year && `${year}-12`;
  sendForm(form);
}

function addWords(form, words) {
  form.elements.words.value = `${form.elements.words.value} ${words}`.trim();
  sendForm(form);
}

on('change', ':is(#filter-form, #browse, #facets) :not([type="search"])', (field) => sendForm(field.form));
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
  for (const field of event.target.elements) {
    if (field.type === 'checkbox') field.checked = false;
    else field.value = '';
  }
  sendForm(event.target, '1');
});

// What Python has drawn is what holds: boxes and fields follow their attributes, the range follows the fields.
function followBoxes(place) {
  for (const box of place.querySelectorAll('[type="checkbox"]')) box.checked = box.hasAttribute('checked');
}

function followForm(form) {
  if (!form) return;
  for (const field of form.querySelectorAll('[type="month"]')) field.value = field.getAttribute('value') || '';
  showPeriod(form);
}

export function start() {
  onChange('above', () => { nameToggle(); followBoxes(byId('above')); followForm(byId('filter-form')); }, ['checked', 'value', 'viewBox']);
  onChange('facets', () => followBoxes(byId('facets')), ['checked']);
  onChange('browsing', () => followForm(byId('browse')), ['value']);
}
