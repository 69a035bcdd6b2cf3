// Start, when the panes are there

function observe(id, act, attributes = []) {
  new MutationObserver(act).observe(by(id), { childList: true, subtree: true, characterData: true, attributeFilter: attributes });
  act();
}
function start() {
  const there = by('reader') && by('live') && document.querySelector('.top') && document.querySelector('.visitor, .nobody');
  if (!there) return requestAnimationFrame(start);
  observe('reader', reveal, ['data-cable', 'data-key']);
  observe('live', bringUp, ['id']);
  observe('live', forgetUnanswered);
  observe('run', () => by('run').textContent && by('sending')?.remove());
  observe('summary', () => { if (root.dataset.page === 'archive') trigger('archive', {}); }); // the desk is ready
  for (const id of ['past', 'run', 'runs']) observe(id, tellTimes);
  observe('above', followFilters, ['checked', 'value', 'viewBox']);
  observe('browsing', () => by('browse') && showPeriod(by('browse')));
  showPage(location.hash === '#archive' ? 'archive' : 'chat');
  root.classList.toggle('reading', new URLSearchParams(location.search).has('cable')); // Python reads the address
  showPast(localStorage.getItem('reftel-past') ? !narrow() && localStorage.getItem('reftel-past') === 'open' : innerWidth >= 1200);
  nameTheme();
  takeUp();
}
start();
