/**
 * Who may do what. One table: a request needs one permission, a role has some of them, and nothing else decides. What a
 * permission reaches is always of the signed-in user's own hospital; no role reaches another one.
 */
export const roles = ['admin', 'manager', 'supervisor', 'frontdesk', 'integrator', 'auditor'] as const;
export type Role = (typeof roles)[number];

interface Rule {
  readonly allows: string;
  readonly roles: readonly Role[];
  /** Why these and no others. */
  readonly because: string;
}

const everyone = roles;
const desk = ['admin', 'manager', 'supervisor', 'frontdesk'] as const;
const leads = ['admin', 'manager', 'supervisor'] as const;
const heads = ['admin', 'manager'] as const;

export const permissionTable = {
  'calls:read': {
    allows: 'see calls, their numbers and how they ended, and follow them live',
    roles: desk,
    because: 'those who answer patients have to know who has called',
  },
  'transcripts:read': {
    allows: 'read what was said in a call, and the score that it was given',
    roles: leads,
    because: 'the most personal record there is; quality of calls is the work of those who lead them',
  },
  'escalations:work': {
    allows: 'say that one is present, take over calls, see their briefings',
    roles: leads,
    because: 'a patient who asks for a person gets one who is trained for it',
  },
  'call-backs:work': {
    allows: 'see who is to be called back, and tick it off',
    roles: desk,
    because: 'calling back is the everyday work of a front desk',
  },
  'appointments:read': {
    allows: 'see free slots and booked appointments',
    roles: desk,
    because: 'everybody who speaks with patients needs the calendar',
  },
  'appointments:write': {
    allows: 'book, move, cancel and confirm appointments',
    roles: desk,
    because: 'the same people keep the calendar',
  },
  'messages:read': {
    allows: 'read the messages that patients were sent',
    roles: desk,
    because: 'patients ask about them',
  },
  'campaigns:read': {
    allows: 'see campaigns, their recipients, progress and results',
    roles: leads,
    because: 'supervisors take over what campaigns call',
  },
  'campaigns:write': {
    allows: 'make and change campaigns, and upload who is to be called',
    roles: heads,
    because: 'calling many patients is a decision of the management',
  },
  'campaigns:run': {
    allows: 'start, pause, resume and cancel campaigns',
    roles: heads,
    because: 'it begins or ends calls to many patients',
  },
  'dialling:stop': {
    allows: 'stop all dialling of the hospital, and allow it again',
    roles: leads,
    because: 'who hears that something goes wrong has to be able to stop it at once',
  },
  'do-not-call:read': {
    allows: 'see the do-not-call list, and look up whether a number is on it',
    roles: desk,
    because: 'patients ask whether they are on it',
  },
  'do-not-call:write': {
    allows: 'put numbers on the do-not-call list, and take them off',
    roles: desk,
    because: 'a patient who does not want calls tells whoever is on the telephone',
  },
  'patients:read': {
    allows: 'see patients and what they have consented to',
    roles: desk,
    because: 'everybody who speaks with patients has to know whom they speak with',
  },
  'patients:write': {
    allows: "record a patient's consent or opt-out",
    roles: desk,
    because: 'patients tell it to whoever is on the telephone',
  },
  'flows:read': {
    allows: 'read the scripts of calls',
    roles: ['admin', 'manager', 'supervisor', 'auditor'],
    because: 'an auditor asks what patients are told; nothing in them is personal',
  },
  'flows:write': {
    allows: 'change the scripts of calls',
    roles: heads,
    because: 'they speak in the name of the hospital',
  },
  'insights:read': {
    allows: 'see figures of calls and campaigns',
    roles: ['admin', 'manager', 'supervisor', 'auditor'],
    because: 'counts and scores, no patients',
  },
  'insights:rebuild': {
    allows: 'have the figures counted again from the events',
    roles: ['admin'],
    because: 'it is heavy, and needed only when something was wrong',
  },
  'audit:read': {
    allows: 'read who has seen and changed what',
    roles: ['admin', 'auditor'],
    because: 'those who are recorded in it do not need to know what is recorded of others',
  },
  'settings:read': {
    allows: 'see clinics, opening hours and doctors',
    roles: everyone,
    because: 'every page names the clinics, and they are public knowledge',
  },
  'settings:write': {
    allows: 'change clinics, opening hours, doctors and numbers that calls are handed to',
    roles: heads,
    because: 'a wrong number there sends patients to strangers',
  },
  'staff:read': {
    allows: 'see who works here and in which role',
    roles: ['admin', 'manager', 'auditor'],
    because: 'the audit names people by their id',
  },
  'staff:manage': {
    allows: 'make users, change their roles and passwords, and deactivate them',
    roles: ['admin'],
    because: 'who may do this may give themselves everything else',
  },
  'integrations:manage': {
    allows: 'let other systems have events of the hospital, and take it back',
    roles: ['admin', 'integrator'],
    because: 'it hands data of patients to other systems, with secrets that are shown once',
  },
  'operations:read': {
    allows: 'see events that could not be handled, without anything personal',
    roles: ['admin', 'manager', 'supervisor', 'frontdesk', 'integrator'],
    because: 'who misses a message or a booking looks here first',
  },
  'operations:manage': {
    allows: 'have failed events handled again, or left out',
    roles: heads,
    because: 'leaving one out cannot be undone',
  },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissionTable;

export const permissions = Object.keys(permissionTable) as readonly Permission[];

const ofRole = new Map<string, ReadonlySet<Permission>>(
  roles.map((role) => [
    role,
    new Set(permissions.filter((permission) => rolesWith(permission).includes(role))),
  ]),
);
const nothing: ReadonlySet<Permission> = new Set();

export function rolesWith(permission: Permission): readonly Role[] {
  return permissionTable[permission].roles;
}

/** What a role may do; a role that this version does not know may do nothing. */
export function permissionsOf(role: string): ReadonlySet<Permission> {
  return ofRole.get(role) ?? nothing;
}

/** Who is behind a request. The tenant of everything that a request does comes from here and from nowhere else. */
export interface Principal {
  readonly tenantId: string;
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  /** E.164, where calls are handed to; personal. */
  readonly phone?: string | undefined;
  readonly permissions: ReadonlySet<Permission>;
  /** When what the user showed is over. */
  readonly expiresAt: Date;
}
