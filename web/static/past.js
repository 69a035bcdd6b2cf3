// Past conversations

function showPast(open, keep) {
  root.classList.toggle('past-open', open);
  document.querySelector('.past-toggle').setAttribute('aria-expanded', String(open));
  if (keep) localStorage.setItem('reftel-past', open ? 'open' : 'closed');
}
window.matchMedia('(max-width: 900px)').addEventListener('change', (e) => { if (e.matches) showPast(false); });
const pastWords = () => document.querySelector('.past-search')?.value || '';
let waiting;
document.addEventListener('input', (e) => {
  if (!e.target.matches('.past-search')) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => trigger('search', { words: pastWords() }), 200);
});
function rename(id, title) {
  const field = Object.assign(document.createElement('input'), { className: 'past-rename', value: title.textContent });
  field.setAttribute('aria-label', 'New title');
  title.replaceWith(field);
  field.select();
  let over = false; // taking the field away blurs it, which would end it again
  const done = (save) => {
    if (over) return;
    over = true;
    if (save && field.value.trim()) title.textContent = field.value.trim();
    field.replaceWith(title);
    if (save && field.value.trim()) trigger('rename', { id, title: field.value, words: pastWords() });
  };
  field.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') done(true);
    if (e.key === 'Escape') { e.stopPropagation(); done(false); }
  });
  field.addEventListener('blur', () => done(true));
}
