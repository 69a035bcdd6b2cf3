// Small helpers for the page's elements.

export const root = document.documentElement;
export const byId = (id) => document.getElementById(id);
export const isNarrow = () => window.matchMedia('(max-width: 900px)').matches;

// Calls act(element, event) for clicks on what the selector matches; a click that opens a new tab stays the browser's.
export function onClick(selector, act) {
  document.addEventListener('click', (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    const element = event.target.closest(selector);
    if (!element) return;
    event.preventDefault();
    act(element, event);
  });
}

// Calls act(element) for events on what the selector matches, `delay` ms after the last of several.
export function on(type, selector, act, delay = 0) {
  let timer;
  document.addEventListener(type, (event) => {
    if (!event.target.matches(selector)) return;
    clearTimeout(timer);
    if (delay) timer = setTimeout(act, delay, event.target);
    else act(event.target);
  });
}

// Calls act now and whenever Gradio has changed what is in the element, or one of these attributes in it.
export function onChange(id, act, attributeFilter = []) {
  const changes = { childList: true, subtree: true, characterData: true, attributeFilter };
  new MutationObserver(act).observe(byId(id), changes);
  act();
}

// Turns an element into a field with its text; Enter and leaving it save what is new, Escape does not.
export function editInPlace(element, label, save) {
  const field = Object.assign(document.createElement('input'), { className: 'in-place', value: element.textContent });
  field.setAttribute('aria-label', label);
  element.replaceWith(field);
  field.select();
  let isDone = false; // taking the field away blurs it, which would end it again
  const end = (isSaving) => {
    if (isDone) return;
    isDone = true;
    field.replaceWith(element);
    const text = field.value.trim();
    if (isSaving && text && text !== element.textContent) save(text);
  };
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') end(true);
    if (event.key === 'Escape') { event.stopPropagation(); end(false); }
  });
  field.addEventListener('blur', () => end(true));
}

// A line of text under its own id, in place of an earlier one; role is 'status' or 'alert'.
export function createNote(id, role, text) {
  byId(id)?.remove();
  const note = Object.assign(document.createElement('p'), { id, className: 'note', textContent: text });
  note.setAttribute('role', role);
  return note;
}

// Calls act(form) in place of sending a form that the selector matches.
export function onSubmit(selector, act) {
  document.addEventListener('submit', (event) => {
    if (!event.target.matches(selector)) return;
    event.preventDefault();
    act(event.target);
  });
}
