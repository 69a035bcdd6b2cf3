// Events for Python. They are those of the bridge, a gr.HTML that hands its `trigger` and their names to the page's
// start (EVENTS in web/page.py); panes listen to them.

let trigger;
let names = [];

export function connect(bridgeTrigger, bridgeNames) {
  trigger = bridgeTrigger;
  names = bridgeNames;
}

export function send(name, data = {}) {
  if (!names.includes(name)) throw new Error(`The bridge has no event ${name}: add it to EVENTS in web/page.py`);
  trigger(name, { data });
}
