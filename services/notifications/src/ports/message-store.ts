import type { Personal } from '@wardline/personal-data';

export type MessageStatus = 'queued' | 'sent' | 'failed';

export interface NewMessage {
  readonly messageId: string;
  readonly tenantId: string;
  readonly clinicId: string;
  readonly to: Personal;
  readonly text: Personal;
  readonly purpose: string;
  readonly appointmentId: string | undefined;
}

export interface StoredMessage extends Omit<NewMessage, 'tenantId'> {
  readonly status: MessageStatus;
  readonly createdAt: Date;
  readonly sentAt: Date | undefined;
  readonly failureReason: string | undefined;
}

/** A place in a list that runs from new to old. */
export interface MessagePosition {
  readonly createdAt: Date;
  readonly messageId: string;
}

export interface MessageQuery {
  readonly clinicId?: string;
  readonly appointmentId?: string;
  /** Exactly those to this number. */
  readonly to?: Personal;
  readonly status?: MessageStatus;
  readonly after?: MessagePosition;
  readonly limit: number;
}

/** The messages of one installation, always seen through one tenant. */
export interface MessageStore {
  /**
   * Asks for a message once per appointment, purpose and occurrence: remembers it and appends `sms.send`, in one
   * transaction.
   * @returns false when it had been asked for before
   */
  request(
    message: NewMessage & {
      readonly appointmentId: string;
      /** Which time it is; empty for what happens once. */
      readonly occurrence: string;
      readonly causeEventId: string;
    },
  ): Promise<boolean>;
  /** Stores the message as queued unless it is there already, and says how far it is. */
  accept(message: NewMessage, at: Date): Promise<MessageStatus>;
  /** Takes effect on queued messages only: the first outcome stays. */
  settle(
    tenantId: string,
    messageId: string,
    outcome: { status: 'sent'; reference: string; at: Date } | { status: 'failed'; reason: string },
  ): Promise<void>;
  /** Newest first. */
  list(tenantId: string, query: MessageQuery): Promise<StoredMessage[]>;
}
