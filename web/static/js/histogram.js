// The picture of months in a form with filters: a drag over it sets the period, the fields' period is marked in it.

let dragged = null; // {svg, from}: where a drag began

const columnCount = (svg) => svg.viewBox.baseVal.width;
const ordinalOf = (month) => { const [year, number] = month.split('-').map(Number); return year * 12 + number - 1; };
const monthOf = (ordinal) => `${String(Math.floor(ordinal / 12)).padStart(4, '0')}-${String((ordinal % 12) + 1).padStart(2, '0')}`;
const inWords = (month) => new Date(`${month}-15`).toLocaleDateString('en', { month: 'long', year: 'numeric' });

// Long gaps are folded: stretches of months, each with its first column.
function stretchesOf(svg) {
  const ordinal = (digits) => ordinalOf(`${digits.slice(0, 4)}-${digits.slice(4)}`);
  return svg.dataset.spans.trim().split(' ').map((stretch) => {
    const [first, last, x] = stretch.split('-');
    return { first: ordinal(first), last: ordinal(last), x: Number(x) };
  });
}

// The column of a month; one in a gap has that of the next month there is.
function placeOf(svg, month) {
  const at = ordinalOf(month), stretches = stretchesOf(svg);
  const stretch = stretches.find(({ last }) => at <= last) || stretches.at(-1);
  return stretch.x + Math.min(Math.max(at, stretch.first), stretch.last) - stretch.first;
}

// The month at a column; in a gap the last one before it.
function monthAt(svg, place) {
  const stretch = stretchesOf(svg).findLast(({ x }) => place >= x);
  return monthOf(Math.min(stretch.first + place - stretch.x, stretch.last));
}

function placeUnder(svg, event) {
  const box = svg.getBoundingClientRect();
  const place = Math.floor(((event.clientX - box.left) / box.width) * columnCount(svg));
  return Math.max(0, Math.min(columnCount(svg) - 1, place));
}

function markRange(svg, from, to, isShown = true) {
  const range = svg.querySelector('.range');
  range.setAttribute('x', Math.min(from, to));
  range.setAttribute('width', isShown ? Math.abs(to - from) + 1 : 0);
}

function nameMonths(svg, ...places) {
  const names = places.sort((a, b) => a - b).map((place) => inWords(monthAt(svg, place)));
  svg.parentElement.querySelector('.dragged').textContent = [...new Set(names)].join(' to ');
}

export function showPeriod(form) {
  const svg = form.querySelector('.histogram');
  if (!svg) return;
  const [since, until] = ['since', 'until'].map((name) => form.elements[name].value);
  const from = since ? placeOf(svg, since) : 0;
  const to = until ? placeOf(svg, until) : columnCount(svg) - 1;
  markRange(svg, from, to, Boolean(since || until));
}

// Calls act(form) when a drag has set its period.
export function onPeriod(act) {
  document.addEventListener('pointerdown', (event) => {
    const svg = event.target.closest('.histogram');
    if (!svg) return;
    dragged = { svg, from: placeUnder(svg, event) };
    svg.setPointerCapture(event.pointerId);
  });
  document.addEventListener('pointermove', (event) => {
    if (!dragged) return;
    const place = placeUnder(dragged.svg, event);
    markRange(dragged.svg, dragged.from, place);
    nameMonths(dragged.svg, dragged.from, place);
  });
  document.addEventListener('pointerup', (event) => {
    if (!dragged) return;
    const { svg, from } = dragged;
    dragged = null;
    svg.parentElement.querySelector('.dragged').textContent = '';
    const ends = [from, placeUnder(svg, event)].sort((a, b) => a - b);
    const form = svg.closest('form');
    [form.elements.since.value, form.elements.until.value] = ends.map((place) => monthAt(svg, place));
    act(form);
  });
}
