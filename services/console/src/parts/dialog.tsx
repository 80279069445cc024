import { Button, Modal } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  /** Escape, or a click beside it. Absent: it has to be answered. */
  readonly onClose?: (() => void) | undefined;
  readonly children: ReactNode;
  readonly size?: string;
}

/**
 * A modal question, there as long as it is rendered. The focus stays inside, goes first to what has `data-autofocus`, and
 * returns to where it was.
 */
export function Dialog({ title, onClose, children, size = '34rem' }: DialogProps) {
  const before = useRef(document.activeElement);
  useEffect(() => {
    const element = before.current;
    return () => {
      if (element instanceof HTMLElement && element.isConnected) element.focus();
    };
  }, []);
  return (
    <Modal
      opened
      onClose={() => onClose?.()}
      title={title}
      size={size}
      centered
      radius="lg"
      padding="xl"
      returnFocus={false}
      withCloseButton={onClose !== undefined}
      closeOnEscape={onClose !== undefined}
      closeOnClickOutside={onClose !== undefined}
      closeButtonProps={{ 'aria-label': 'Close' }}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.5 }}
      classNames={{ title: 'dialog-title' }}
      // Its element would be taken for the page's banner.
      attributes={{ header: { role: 'presentation' } }}
    >
      <div className="dialog-body">{children}</div>
    </Modal>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly text: ReactNode;
  readonly action: string;
  readonly tone: 'primary' | 'danger';
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** "Are you sure", which says what will happen. The safe answer has the focus. */
export function Confirm({ title, text, action, tone, busy, error, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dialog-text">{text}</div>
      {error && (
        <p className="form-error" role="alert">
          {error.message}
        </p>
      )}
      <div className="dialog-actions">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button
          {...(tone === 'danger' ? { color: 'danger' } : {})}
          className={tone === 'danger' ? 'danger' : undefined}
          loading={busy}
          onClick={onConfirm}
        >
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
