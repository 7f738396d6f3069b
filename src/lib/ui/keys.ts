const TYPING = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]';

/** True while keys belong to a field, a menu or a dialog and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING)) return true;
  return document.querySelector('[role=dialog], [role=menu]') !== null;
}

/** True for a plain key press: no modifier that the browser or the system may own. */
export function isPlain(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
}
