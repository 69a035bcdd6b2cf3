// The picture of months in a form with filters: a drag over it sets the period, the fields' period is marked in it.

let dragged = null; // {svg, from}: where a drag began

const monthCount = (svg) => svg.viewBox.baseVal.width;
const ordinalOf = (month) => { const [year, number] = month.split('-').map(Number); return year * 12 + number - 1; };
const firstMonth = (svg) => ordinalOf(`${svg.dataset.first.slice(0, 4)}-${svg.dataset.first.slice(4)}`);
const placeOf = (svg, month) => ordinalOf(month) - firstMonth(svg);

// The month at a place of the picture, as fields hold it: 2008-04.
function monthAt(svg, place) {
  const month = firstMonth(svg) + place;
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

function placeUnder(svg, event) {
  const box = svg.getBoundingClientRect();
  const place = Math.floor(((event.clientX - box.left) / box.width) * monthCount(svg));
  return Math.max(0, Math.min(monthCount(svg) - 1, place));
}

function markRange(svg, from, to, isShown = true) {
  const range = svg.querySelector('.range');
  range.setAttribute('x', Math.min(from, to));
  range.setAttribute('width', isShown ? Math.abs(to - from) + 1 : 0);
}

export function showPeriod(form) {
  const svg = form.querySelector('.histogram');
  if (!svg) return;
  const [since, until] = ['since', 'until'].map((name) => form.elements[name].value);
  const from = since ? placeOf(svg, since) : 0;
  const to = until ? placeOf(svg, until) : monthCount(svg) - 1;
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
    if (dragged) markRange(dragged.svg, dragged.from, placeUnder(dragged.svg, event));
  });
  document.addEventListener('pointerup', (event) => {
    if (!dragged) return;
    const { svg, from } = dragged;
    dragged = null;
    const ends = [from, placeUnder(svg, event)].sort((a, b) => a - b);
    const form = svg.closest('form');
    [form.elements.since.value, form.elements.until.value] = ends.map((place) => monthAt(svg, place));
    act(form);
  });
}
