// The check page: a text is sent to be checked.

import { addActions } from './actions.js';
import { byId } from './dom.js';
import { send } from './events.js';

addActions({
  check: () => send('check', { draft: byId('draft').value }),
  uncheck: () => {
    send('uncheck');
    document.querySelector('#checked [aria-busy]')?.setAttribute('aria-busy', 'false'); // what was checked stays
  },
});
