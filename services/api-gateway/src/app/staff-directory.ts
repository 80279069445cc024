import type { Account } from '../domain/sign-in.ts';

/** A member of staff as the directory has them now. */
export interface StaffMember {
  readonly tenantId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  /** E.164; personal. */
  readonly phone: string | undefined;
  readonly active: boolean;
  /** Grows when the password, the role or `active` changes: what was signed in before is signed out. */
  readonly generation: number;
}

export interface StaffIdentity {
  readonly tenantId: string;
  readonly userId: string;
  readonly displayName: string;
  readonly role: string;
  readonly generation: number;
}

/** Checks a password; undefined when it or the login is wrong. */
export type VerifyPassword = (login: string, password: string) => Promise<StaffIdentity | undefined>;

/** Looks somebody up; undefined when there is nobody. */
export type FindStaff = (tenantId: string, userId: string) => Promise<StaffMember | undefined>;

/**
 * Whether those who once signed in still may: looked up in the directory and remembered for a few seconds, so that who was
 * deactivated, or got another role, is out that soon.
 */
export function createStaffDirectory(o: {
  readonly find: FindStaff;
  /** How long an answer is believed. Default 8,000: with the clock's jitter well below ten seconds. */
  readonly rememberMs?: number;
  readonly now?: () => number;
  readonly rememberedMax?: number;
}) {
  const now = o.now ?? (() => performance.now());
  const rememberMs = o.rememberMs ?? 8_000;
  const remembered = new Map<string, { at: number; answer: ReturnType<FindStaff> }>();

  function look(tenantId: string, userId: string): ReturnType<FindStaff> {
    const key = `${tenantId} ${userId}`;
    const known = remembered.get(key);
    if (known && now() - known.at < rememberMs) return known.answer;
    if (remembered.size >= (o.rememberedMax ?? 5_000)) remembered.clear();
    const answer = o.find(tenantId, userId);
    remembered.set(key, { at: now(), answer });
    // A failed look is not remembered.
    answer.catch(() => remembered.delete(key));
    return answer;
  }

  return {
    /** The member as they are now; undefined when they are not what they were when they signed in. */
    async admitted(account: Account): Promise<StaffMember | undefined> {
      const found = await look(account.tenantId, account.userId);
      return found?.active && found.generation === account.generation ? found : undefined;
    },
  };
}

export type StaffDirectory = ReturnType<typeof createStaffDirectory>;
