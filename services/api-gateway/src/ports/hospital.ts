import type { Client } from '@connectrpc/connect';
import type {
  appointments,
  campaigns,
  dialogue,
  directory,
  flows,
  insights,
  notifications,
  patients,
  telephony,
} from '@wardline/contracts';

/** The services as one tenant sees them: every call through these carries that tenant and can reach no other. */
export interface Hospital {
  readonly directory: Client<typeof directory.DirectoryService>;
  readonly appointments: Client<typeof appointments.AppointmentsService>;
  readonly telephony: Client<typeof telephony.CallControlService>;
  readonly dialogue: Client<typeof dialogue.DialogueService>;
  readonly notifications: Client<typeof notifications.NotificationsService>;
  readonly handOffs: Client<typeof telephony.HandOffService>;
  readonly flows: Client<typeof flows.FlowService>;
  readonly campaigns: Client<typeof campaigns.CampaignsService>;
  readonly patients: Client<typeof patients.PatientsService>;
  readonly insights: Client<typeof insights.InsightsService>;
}

export type HospitalOf = (tenantId: string) => Hospital;
