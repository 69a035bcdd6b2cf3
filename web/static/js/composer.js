// The field in which questions are written.

export const composer = () => document.querySelector('#composer textarea');
export const isBusy = () => Boolean(document.querySelector('#composer .stop-button')); // an answer is being written

export function focusComposer() {
  composer()?.focus();
}
