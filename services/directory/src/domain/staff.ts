import { isE164 } from './clinic.ts';

/** What staff may be; what each may do is the gateway's permission table. */
export const roles = ['admin', 'manager', 'supervisor', 'frontdesk', 'integrator', 'auditor'] as const;
export type Role = (typeof roles)[number];

export interface Staff {
  readonly userId: string;
  /** E-mail address in lower case. */
  readonly login: string;
  readonly displayName: string;
  readonly role: string;
  readonly active: boolean;
  /** E.164, where calls are handed to; empty when none. */
  readonly phone: string;
}

export interface StoredStaff extends Staff {
  /** Grows when password, role or `active` changes: what was signed in before is signed out. */
  readonly generation: number;
}

/** Length is what makes a password strong (NIST SP 800-63B, 3.1.1.2). */
const PASSWORD_LENGTH = { min: 12, max: 200 };

/** What is wrong with a user; empty when nothing is. `password` is undefined where it stays as it is. */
export function problemsOfStaff(staff: Staff, password: string | undefined): string[] {
  const problems: string[] = [];
  if (!/^[^\s@]{1,64}@[^\s@]{1,255}$/.test(staff.login)) problems.push('login must be an e-mail address');
  const length = [...staff.displayName].length;
  if (length < 1 || length > 120) problems.push('display_name must have 1 to 120 characters');
  if (!roles.some((role) => role === staff.role)) problems.push(`role must be one of ${roles.join(', ')}`);
  if (staff.phone !== '' && !isE164(staff.phone))
    problems.push('phone must be an E.164 number such as +12025550143, or empty');
  if (
    password !== undefined &&
    (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max)
  )
    problems.push(`password must have ${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`);
  return problems;
}

/** Whether a change of this user ends what they have signed in to. */
export function endsSessions(before: Staff, after: Staff, newPassword: boolean): boolean {
  return newPassword || before.role !== after.role || before.active !== after.active;
}

/** A hospital keeps somebody who can let others in. */
export function losesLastAdmin(before: Staff | undefined, after: Staff, otherActiveAdmins: number): boolean {
  const was = before?.role === 'admin' && before.active;
  const is = after.role === 'admin' && after.active;
  return was && !is && otherActiveAdmins === 0;
}
