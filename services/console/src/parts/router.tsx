import {
  type AnchorHTMLAttributes,
  type MouseEvent,
  useCallback,
  useMemo,
  useSyncExternalStore,
} from 'react';

/**
 * The pages of the console are addresses, so that they can be bookmarked, sent to a colleague and gone back to; so are filters,
 * in the address's query. That needs no more router than this.
 */
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

/** The path of the address, such as "/failed-events". */
export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname);

const useQueryText = (): string => useSyncExternalStore(subscribe, () => location.search);

/** @param to a path, with its query when it has one */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  for (const listener of [...listeners]) listener();
}

/**
 * The address's query as strings, and how to change some of it: an empty string takes a value out. Changing replaces the
 * address, so that going back leaves the page instead of undoing one filter after the other.
 */
export function useAddressQuery(): [
  Readonly<Record<string, string>>,
  (changes: Record<string, string>) => void,
] {
  const text = useQueryText();
  const values = useMemo(() => Object.fromEntries(new URLSearchParams(text)), [text]);
  const change = useCallback((changes: Record<string, string>) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes))
      if (value === '') next.delete(name);
      else next.set(name, value);
    const query = next.toString();
    navigate(location.pathname + (query ? `?${query}` : ''), 'replace');
  }, []);
  return [values, change];
}

interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  readonly to: string;
}

/** A link within the console. Opening it in another tab works as with any link. */
export function Link({ to, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={to} onClick={follow} {...rest} />;
}
