import { notifications } from '@mantine/notifications';

const closeButtonProps = { 'aria-label': 'Close' };

/** What was done, said once at the edge of the screen (and by a screen reader). Failures stay until they are closed. */
export const toast = {
  done: (message: string) =>
    notifications.show({ message, color: 'ward', autoClose: 5_000, role: 'status', closeButtonProps }),
  /** Something that others did. */
  note: (message: string) =>
    notifications.show({ message, color: 'yellow', autoClose: 10_000, role: 'alert', closeButtonProps }),
  failed: (title: string, error: unknown) =>
    notifications.show({
      title,
      message: error instanceof Error ? error.message : String(error),
      color: 'danger',
      autoClose: false,
      role: 'alert',
      closeButtonProps,
    }),
};
