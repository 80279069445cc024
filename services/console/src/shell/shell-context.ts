import { createContext, useContext } from 'react';
import type { Clinic, Me } from '../api/types.ts';
import type { FeedState } from '../live/feed.ts';

/** What every page may ask for: who looks, for which clinic, and whether what is shown is fresh. */
export interface Shell {
  readonly me: Me;
  /** Whether the signed-in user has a permission, such as "calls:read". The API decides; this only hides what it refuses. */
  readonly may: (permission: string) => boolean;
  readonly clinics: readonly Clinic[];
  readonly clinic: Clinic;
  readonly setClinic: (id: string) => void;
  readonly feed: FeedState;
}

export const ShellContext = createContext<Shell | undefined>(undefined);

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error('useShell() outside of the shell');
  return shell;
}
