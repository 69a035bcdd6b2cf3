// Starts the page's modules. The bridge (web/page.py) imports this file and hands over its `trigger`
// and the names of its events.

import * as archive from './archive.js';
import * as chat from './chat.js';
import './check.js';
import './clipboard.js';
import * as connection from './connection.js';
import * as conversations from './conversations.js';
import * as dossiers from './dossiers.js';
import * as events from './events.js';
import * as filters from './filters.js';
import './keyboard.js';
import * as pages from './pages.js';
import * as pending from './pending.js';
import * as reader from './reader.js';
import * as settings from './settings.js';
import * as tabState from './tab_state.js';
import { nameThemeButton } from './theme.js';
import * as times from './times.js';
import * as watches from './watches.js';

export async function start(trigger, eventNames) {
  events.connect(trigger, eventNames);
  await panesAreDrawn();
  nameThemeButton();
  const modules = [reader, chat, pending, archive, conversations, dossiers, watches, times, filters, pages, settings, connection, tabState];
  for (const module of modules) module.start();
}

function panesAreDrawn() {
  const needed = ['#reader', '#live', '#run', '#dossier', '#settings-pane', '.top', '.past-toggle', '.visitor, .nobody'];
  const areThere = () => needed.every((selector) => document.querySelector(selector));
  return new Promise((resolve) => {
    const look = () => { if (areThere()) { watcher.disconnect(); resolve(); } };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { childList: true, subtree: true });
    look();
  });
}
