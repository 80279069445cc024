import type { Role } from '../api/settings-types.ts';

export const roleWords: Readonly<Record<Role, { readonly name: string; readonly may: string }>> = {
  admin: { name: 'Administrator', may: 'Everything, users and the audit included.' },
  manager: { name: 'Manager', may: 'Runs the clinic: settings, campaigns, calls, figures.' },
  supervisor: { name: 'Supervisor', may: 'Takes over calls, reads transcripts, can stop dialling.' },
  frontdesk: { name: 'Front desk', may: 'Calendar, messages, call-backs; no transcripts.' },
  integrator: { name: 'Integrator', may: 'Connects other systems; sees no patients.' },
  auditor: { name: 'Auditor', may: 'Reads the audit, figures and scripts; sees no patients.' },
};

/** A role that this version does not know is shown as it came. */
export const roleInWords = (role: string) => (role in roleWords ? roleWords[role as Role].name : role);
