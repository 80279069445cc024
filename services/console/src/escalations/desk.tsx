import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { escalationQueries, escalations } from '../api/escalations.ts';
import type { Escalation } from '../api/types.ts';
import { useWaitingInTitle } from '../parts/page-title.ts';
import { toast } from '../parts/toasts.ts';
import { useShell } from '../shell/shell-context.ts';
import { Alarm, type AlarmState } from './alarm.ts';
import { showWaitingIcon } from './favicon.ts';
import { everySecond } from './ticker.ts';
import { isTakenBy, isWaiting } from './words.ts';

/** A supervisor's desk: whether they are there, which calls wait for them, and the sound. The same on every page. */
export interface Desk {
  /** Whether the signed-in user takes calls at all. */
  readonly works: boolean;
  readonly present: boolean;
  readonly setPresent: (present: boolean) => void;
  /** Everything that is not over, as it was asked for. */
  readonly open: UseQueryResult<readonly Escalation[]>;
  /** Open and not declined here, the longest waiting first. */
  readonly waiting: readonly Escalation[];
  /** What the signed-in user has taken and not finished. */
  readonly mine: Escalation | undefined;
  readonly decline: (id: string) => void;
  readonly hasDeclined: (id: string) => boolean;
  readonly alarm: AlarmState;
  readonly muted: boolean;
  readonly setMuted: (muted: boolean) => void;
  readonly unlockSound: () => void;
}

const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk() outside of the shell');
  return desk;
}

/** A third of the time for which the server believes it. */
const heartbeatMs = 10_000;
/** Survives a reload of this tab, and nothing else. */
const storedPresent = 'wardline.present';

export function DeskProvider({ children }: { readonly children: ReactNode }) {
  const { may, me } = useShell();
  const works = may('escalations:work');
  const client = useQueryClient();
  const open = useQuery({ ...escalationQueries.open, enabled: works });
  const alarm = useRef<Alarm>(null);
  alarm.current ??= new Alarm();
  const [alarmState, setAlarmState] = useState<AlarmState>('silent');
  const [muted, setMutedState] = useState(alarm.current.muted);
  const [present, setPresentState] = useState(() => works && sessionStorage.getItem(storedPresent) !== null);
  const [declined, setDeclined] = useState<ReadonlySet<string>>(new Set());

  const waiting = useMemo(
    () =>
      (open.data ?? [])
        .filter((item) => isWaiting(item) && !declined.has(item.id))
        .filter((item) => !item.declinedByUsers?.includes(me.user.id))
        .toSorted((a, b) => (a.requestedAt ?? '').localeCompare(b.requestedAt ?? '')),
    [open.data, declined, me.user.id],
  );
  const mine = open.data?.find((item) => isTakenBy(item, me.user.id));
  // Whoever has a patient on the telephone is not called away from them.
  const sounding = present && waiting.length > 0 && !mine;
  useWaitingInTitle(waiting.length);
  useEffect(() => showWaitingIcon(waiting.length > 0), [waiting.length]);

  useEffect(() => {
    if (!present) return;
    let lastMs = -Infinity;
    let failed = false;
    return everySecond((nowMs) => {
      if (nowMs - lastMs < heartbeatMs) return;
      lastMs = nowMs;
      escalations.setPresent(true).then(
        () => {
          if (lastMs === nowMs) failed = false;
        },
        (error: unknown) => {
          // Once, not every ten seconds: it is tried again by itself.
          if (!failed) toast.failed('Others may not see that you are here', error);
          failed = true;
        },
      );
    });
  }, [present]);

  useEffect(() => {
    const sound = (nowMs: number) => {
      alarm.current?.tick(sounding, nowMs);
      setAlarmState(alarm.current?.state ?? 'silent');
    };
    sound(Date.now());
    return sounding ? everySecond(sound) : undefined;
  }, [sounding]);
  useEffect(() => {
    document.documentElement.dataset['alarm'] = alarmState;
  }, [alarmState]);

  const setPresent = useCallback(
    (next: boolean) => {
      setPresentState(next);
      if (next) {
        sessionStorage.setItem(storedPresent, '1');
        void alarm.current?.greet();
      } else {
        sessionStorage.removeItem(storedPresent);
        escalations
          .setPresent(false)
          .catch((error: unknown) => toast.failed('You may still count as here', error));
      }
      void client.invalidateQueries({ queryKey: ['presence'] });
    },
    [client],
  );
  const setMuted = useCallback((next: boolean) => {
    alarm.current?.mute(next);
    setMutedState(next);
    setAlarmState(alarm.current?.state ?? 'silent');
  }, []);
  const unlockSound = useCallback(() => {
    void alarm.current?.unlock().then(() => setAlarmState(alarm.current?.state ?? 'silent'));
  }, []);
  const decline = useCallback((id: string) => setDeclined((before) => new Set(before).add(id)), []);

  const desk = useMemo(
    (): Desk => ({
      ...{ works, present, setPresent, open, waiting, mine, decline },
      hasDeclined: (id) => declined.has(id),
      ...{ alarm: alarmState, muted, setMuted, unlockSound },
    }),
    [
      works,
      present,
      setPresent,
      open,
      waiting,
      mine,
      decline,
      declined,
      alarmState,
      muted,
      setMuted,
      unlockSound,
    ],
  );
  return <DeskContext value={desk}>{children}</DeskContext>;
}
