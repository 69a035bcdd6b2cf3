// The archive page: drawn when it is shown; the table is arranged by Python.

Object.assign(actions, {
  sort: (d) => trigger('sort', { column: d.column, down: d.down }),
  turn: (d) => { trigger('turn', { start: d.start }); by('table').scrollIntoView(); },
  only: (d, button) => {
    const form = button.closest('form');
    form.elements.posts.value = form.elements.posts.value === d.value ? '' : d.value;
    browse(form);
  },
  withdraw: (d, button) => sure(button) && trigger('withdraw', { cable: d.cable }),
});
function browse(form) {
  showPeriod(form);
  trigger('find', { words: form.elements.words.value, ...filtersIn(form) });
}
let finding;
document.addEventListener('input', (e) => {
  if (!e.target.matches('.find')) return;
  clearTimeout(finding);
  finding = setTimeout(() => browse(e.target.form), 200);
});
document.addEventListener('reset', (e) => {
  if (e.target.id !== 'browse') return;
  e.preventDefault(); // the form's first state may hold filters
  for (const field of e.target.querySelectorAll('input, select')) field.value = '';
  browse(e.target);
});
function showPage(name) {
  root.dataset.page = name;
  for (const link of document.querySelectorAll('a[data-page]')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (location.hash.slice(1) !== name) history.replaceState(null, '', location.pathname + location.search + '#' + name);
  if (name !== 'archive') return;
  trigger('archive', {});
  trigger('follow', {}); // a run that is under way
}

// Files that are being sent; what happens to them then, Python says

document.addEventListener('change', (e) => {
  const files = e.target.matches('#archive-tools input[type="file"]') ? [...e.target.files] : [];
  if (!files.length) return;
  by('run').before(note('sending', 'status', sending(files)));
}, true);
function sending(files) {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const unit = size < 1e6 ? ['kilobyte', 1e3] : ['megabyte', 1e6];
  const amount = new Intl.NumberFormat(undefined, { style: 'unit', unit: unit[0], maximumFractionDigits: 1 }).format(size / unit[1]);
  return `Sending ${files.length === 1 ? files[0].name : `${files.length} files`} (${amount}) …`;
}

function notSent(words) { by('run').before(note('sending', 'alert', words)); }

// Files that are dropped on the page go the way of the button

const holdsFiles = (e) => root.dataset.page === 'archive' && e.dataTransfer?.types.includes('Files');
document.addEventListener('dragover', (e) => {
  if (!holdsFiles(e)) return;
  e.preventDefault();
  root.classList.add('dropping');
});
document.addEventListener('dragleave', (e) => { if (!e.relatedTarget) root.classList.remove('dropping'); });
document.addEventListener('drop', (e) => {
  root.classList.remove('dropping');
  if (!holdsFiles(e)) return;
  e.preventDefault();
  const field = document.querySelector('#archive-tools input[type="file"]');
  field.files = e.dataTransfer.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
});
