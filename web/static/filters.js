// The filters' panel: its form is sent as it changes; a drag over the histogram sets the period.

function showFilters(open) {
  root.classList.toggle('filters-open', open);
  document.querySelector('.filter-toggle')?.setAttribute('aria-expanded', String(open));
  if (open) trigger('facets', {});
}
function filtersIn(form) {
  const data = new FormData(form), found = {};
  for (const { name, type } of form.elements) {
    if (['checkbox', 'select-one'].includes(type)) found[name] = data.getAll(name).filter(Boolean);
    if (type === 'month') found[name] = data.get(name);
  }
  return found;
}
function sendFilters(form) {
  if (form.id === 'browse') browse(form);
  else trigger('filter', filtersIn(form));
}
document.addEventListener('change', (e) => {
  const form = e.target.closest('#filter-form, #browse');
  if (form && !e.target.matches('[type="search"]')) sendFilters(form);
});
document.addEventListener('submit', (e) => { if (e.target.matches('#filter-form, #browse')) e.preventDefault(); });
document.addEventListener('input', (e) => {
  if (!e.target.matches('.narrow')) return;
  const words = e.target.value.toUpperCase();
  for (const item of e.target.closest('fieldset').querySelectorAll('li')) {
    item.hidden = !item.textContent.toUpperCase().includes(words);
  }
});

// What Python has drawn is what holds: boxes and fields follow their attributes, the range follows the fields
function followFilters() {
  const form = by('filter-form');
  document.querySelector('.filter-toggle')?.setAttribute('aria-expanded', String(root.classList.contains('filters-open')));
  if (!form) return;
  for (const box of form.querySelectorAll('[type="checkbox"]')) box.checked = box.hasAttribute('checked');
  for (const field of form.querySelectorAll('[type="month"]')) field.value = field.getAttribute('value') || '';
  showPeriod(form);
}
function showPeriod(form) {
  const svg = form.querySelector('.histogram');
  if (!svg) return;
  const [since, until] = ['since', 'until'].map((name) => form.elements[name].value);
  const months = svg.viewBox.baseVal.width;
  showRange(svg, since ? monthsSince(svg, since) : 0, until ? monthsSince(svg, until) : months - 1, Boolean(since || until));
}
const ordinal = (dashed) => { const [y, m] = dashed.split('-').map(Number); return y * 12 + m - 1; };
const firstMonth = (svg) => ordinal(svg.dataset.first.slice(0, 4) + '-' + svg.dataset.first.slice(4));
const monthsSince = (svg, dashed) => ordinal(dashed) - firstMonth(svg);
function dashedMonth(svg, place) {
  const at = firstMonth(svg) + place;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`;
}
function showRange(svg, from, to, shown) {
  const range = svg.querySelector('.range');
  range.setAttribute('x', Math.min(from, to));
  range.setAttribute('width', shown ? Math.abs(to - from) + 1 : 0);
}
let dragged = null;
function placeAt(svg, e) {
  const box = svg.getBoundingClientRect();
  const months = svg.viewBox.baseVal.width;
  return Math.max(0, Math.min(months - 1, Math.floor(((e.clientX - box.left) / box.width) * months)));
}
document.addEventListener('pointerdown', (e) => {
  const svg = e.target.closest('.histogram');
  if (!svg) return;
  dragged = { svg, from: placeAt(svg, e) };
  svg.setPointerCapture(e.pointerId);
});
document.addEventListener('pointermove', (e) => {
  if (dragged) showRange(dragged.svg, dragged.from, placeAt(dragged.svg, e), true);
});
document.addEventListener('pointerup', (e) => {
  if (!dragged) return;
  const { svg, from } = dragged;
  const ends = [from, placeAt(svg, e)].sort((a, b) => a - b);
  dragged = null;
  const form = svg.closest('form');
  [form.elements.since.value, form.elements.until.value] = ends.map((place) => dashedMonth(svg, place));
  sendFilters(form);
});
