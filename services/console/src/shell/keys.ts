import { useEffect, useRef } from 'react';

/** What a key, or "g" and a key after it, does here. Named by `KeyboardEvent.key`, letters in lower case: "a", "g l", "?". */
export type Keys = Readonly<Record<string, () => void>>;

const sequenceMsMax = 1_500;
const layers: { readonly current: Keys }[] = [];
let begun: { readonly key: string; readonly at: number } | undefined;

const storedOff = 'wardline.keys-off';
/** Single keys can be switched off: speech input types them by accident (WCAG 2.1.4). */
export const keysAreOn = () => localStorage.getItem(storedOff) === null;
export const setKeysOn = (on: boolean) =>
  on ? localStorage.removeItem(storedOff) : localStorage.setItem(storedOff, '1');

const taking =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [role^="menuitem"], [role="option"]';

/** Whether keys go to where the focus is. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(taking));
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!keysAreOn() || isTyping(event.target) || document.querySelector('[aria-modal="true"]')) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // A button or a link has a use of its own for Enter.
  if (key === 'Enter' && event.target instanceof Element && event.target.closest('a, button')) return;
  const first = begun && event.timeStamp - begun.at < sequenceMsMax ? begun.key : undefined;
  begun = undefined;
  const name = first ? `${first} ${key}` : key;
  const act = layers.findLast(({ current }) => current[name])?.current[name];
  if (act) {
    event.preventDefault();
    act();
  } else if (
    !first &&
    layers.some(({ current }) => Object.keys(current).some((known) => known.startsWith(`${key} `)))
  )
    begun = { key, at: event.timeStamp };
}

/** Keys that do something as long as the component is there. The latest one wins; none while a dialog is open or text is typed. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    if (layers.length === 0) addEventListener('keydown', onKeyDown);
    layers.push(latest);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
      if (layers.length === 0) removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
