import {
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
import { createRpcClient, type ServiceTokens } from '@wardline/rpc';
import type { ApiGatewayConfig } from '../config.ts';
import type { HospitalOf } from '../ports/hospital.ts';

/** The services over RPC, one set of connections for all tenants, one view per tenant. */
export function createRpcHospital(rpc: ApiGatewayConfig['rpc'], tokens: ServiceTokens) {
  const clients = {
    directory: createRpcClient(directory.DirectoryService, {
      baseUrl: rpc.directory,
      callee: 'directory',
      tokens,
    }),
    // Under contention a booking queues for a connection and retries its transaction; that takes its time and is no fault.
    appointments: createRpcClient(appointments.AppointmentsService, {
      baseUrl: rpc.appointments,
      callee: 'appointments',
      tokens,
      defaultDeadlineMs: 15_000,
    }),
    telephony: createRpcClient(telephony.CallControlService, {
      baseUrl: rpc.telephony,
      callee: 'telephony-gateway',
      tokens,
    }),
    dialogue: createRpcClient(dialogue.DialogueService, {
      baseUrl: rpc.brain,
      callee: 'conversation-brain',
      tokens,
    }),
    notifications: createRpcClient(notifications.NotificationsService, {
      baseUrl: rpc.notifications,
      callee: 'notifications',
      tokens,
    }),
    handOffs: createRpcClient(telephony.HandOffService, {
      baseUrl: rpc.telephony,
      callee: 'telephony-gateway',
      tokens,
    }),
    flows: createRpcClient(flows.FlowService, { baseUrl: rpc.brain, callee: 'conversation-brain', tokens }),
    campaigns: createRpcClient(campaigns.CampaignsService, {
      baseUrl: rpc.campaigns,
      callee: 'campaigns',
      tokens,
    }),
    patients: createRpcClient(patients.PatientsService, {
      baseUrl: rpc.patients,
      callee: 'patients',
      tokens,
    }),
    // Counting everything again takes its time.
    insights: createRpcClient(insights.InsightsService, {
      baseUrl: rpc.insights,
      callee: 'insights',
      tokens,
      defaultDeadlineMs: 60_000,
    }),
  };
  const hospitalOf: HospitalOf = (tenantId) => ({
    directory: clients.directory.forTenant(tenantId),
    appointments: clients.appointments.forTenant(tenantId),
    telephony: clients.telephony.forTenant(tenantId),
    dialogue: clients.dialogue.forTenant(tenantId),
    notifications: clients.notifications.forTenant(tenantId),
    handOffs: clients.handOffs.forTenant(tenantId),
    flows: clients.flows.forTenant(tenantId),
    campaigns: clients.campaigns.forTenant(tenantId),
    patients: clients.patients.forTenant(tenantId),
    insights: clients.insights.forTenant(tenantId),
  });
  return {
    hospitalOf,
    directoryWithoutTenant: clients.directory.withoutTenant(),
    close: () => {
      for (const client of Object.values(clients)) client.close();
    },
  };
}
