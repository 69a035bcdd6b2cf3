// Light and dark. Gradio follows the system; what the reader has chosen is kept for this browser.

import { addActions } from './actions.js';

const isDark = () => document.body.classList.contains('dark');
const chosen = localStorage.getItem('reftel-theme');

if (chosen) document.body.classList.toggle('dark', chosen === 'dark');
addActions({ theme: () => setTheme(isDark() ? 'light' : 'dark') });

function setTheme(name) {
  document.body.classList.toggle('dark', name === 'dark');
  localStorage.setItem('reftel-theme', name);
  nameThemeButton();
}

export function nameThemeButton() {
  document.querySelector('[data-do="theme"]').textContent = isDark() ? 'Light' : 'Dark';
}
