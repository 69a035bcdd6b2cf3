// The archive page: drawn when it is first shown; the table is arranged by Python.

Object.assign(actions, {
  sort: (d) => trigger('sort', { column: d.column, down: d.down }),
  turn: (d) => { trigger('turn', { start: d.start }); by('find').scrollIntoView(); },
});
let finding;
document.addEventListener('input', (e) => {
  if (!e.target.matches('.find')) return;
  clearTimeout(finding);
  finding = setTimeout(() => trigger('find', { words: e.target.value }), 200);
});
function showPage(name) {
  root.dataset.page = name;
  for (const link of document.querySelectorAll('a[data-page]')) {
    if (link.dataset.page === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  if (location.hash.slice(1) !== name) history.replaceState(null, '', location.pathname + location.search + '#' + name);
  if (name === 'archive') trigger('archive', {});
}
