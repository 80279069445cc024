import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { Code, ConnectError, type ConnectRouter, type ServiceImpl } from '@connectrpc/connect';
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
import { createSilentLogger } from '@wardline/observability';
import { createRpcServer, createServiceTokens, tenantOf } from '@wardline/rpc';
import { createRpcHospital } from '../adapters/rpc-hospital.ts';

const key = Buffer.alloc(32, 7).toString('base64');

/** What the fakes answer; what is not given is as unknown as a method is to an older version of the service. */
export interface FakeHandlers {
  directory: Partial<ServiceImpl<typeof directory.DirectoryService>>;
  appointments: Partial<ServiceImpl<typeof appointments.AppointmentsService>>;
  telephony: Partial<ServiceImpl<typeof telephony.CallControlService>>;
  handOffs: Partial<ServiceImpl<typeof telephony.HandOffService>>;
  dialogue: Partial<ServiceImpl<typeof dialogue.DialogueService>>;
  flows: Partial<ServiceImpl<typeof flows.FlowService>>;
  notifications: Partial<ServiceImpl<typeof notifications.NotificationsService>>;
  campaigns: Partial<ServiceImpl<typeof campaigns.CampaignsService>>;
  patients: Partial<ServiceImpl<typeof patients.PatientsService>>;
  insights: Partial<ServiceImpl<typeof insights.InsightsService>>;
}

/** Which services a process has, by its name on the wire. */
export const servicesOf = {
  directory: { directory: directory.DirectoryService },
  appointments: { appointments: appointments.AppointmentsService },
  'telephony-gateway': { telephony: telephony.CallControlService, handOffs: telephony.HandOffService },
  'conversation-brain': { dialogue: dialogue.DialogueService, flows: flows.FlowService },
  notifications: { notifications: notifications.NotificationsService },
  campaigns: { campaigns: campaigns.CampaignsService },
  patients: { patients: patients.PatientsService },
  insights: { insights: insights.InsightsService },
} as const satisfies Record<string, Partial<Record<keyof FakeHandlers, DescService>>>;

export interface Asked {
  readonly method: string;
  readonly tenantId: string;
  /** Undefined of streams. */
  readonly request: Record<string, unknown> | undefined;
}

type AnyHandler = (request: unknown, ctx: unknown) => unknown;

/**
 * Every service of the hospital over real RPC on free ports, answering as a test says. `otherwise` answers what it says
 * nothing about.
 */
export async function startFakeServices(o: { otherwise?: (method: DescMethod) => unknown } = {}) {
  const handlers: FakeHandlers = {
    ...{ directory: {}, appointments: {}, telephony: {}, handOffs: {}, dialogue: {} },
    ...{ flows: {}, notifications: {}, campaigns: {}, patients: {}, insights: {} },
  };
  const asked: Asked[] = [];
  const routed = (router: ConnectRouter, name: keyof FakeHandlers, service: DescService) => {
    const methods = service.methods.map((method) => [
      method.localName,
      (request: unknown, ctx: Parameters<typeof tenantOf>[0]) => {
        const unary = method.methodKind === 'unary' || method.methodKind === 'server_streaming';
        asked.push({
          method: method.localName,
          tenantId: tenantOf(ctx),
          request: unary ? (request as Record<string, unknown>) : undefined,
        });
        const handler = (handlers[name] as Record<string, AnyHandler>)[method.localName];
        if (!handler && o.otherwise) return answerOf(method, o.otherwise);
        if (!handler) throw new ConnectError(`${method.name} is not known here`, Code.Unimplemented);
        return handler(request, ctx);
      },
    ]);
    router.service(service, Object.fromEntries(methods) as Partial<ServiceImpl<DescService>>);
  };
  const servers = await Promise.all(
    Object.entries(servicesOf).map(async ([process, services]) => {
      const server = createRpcServer({
        ...{ service: process, port: 0, logger: createSilentLogger() },
        tokens: createServiceTokens({ key, service: process }),
        routes: (router) => {
          for (const [name, service] of Object.entries(services) as [keyof FakeHandlers, DescService][])
            routed(router, name, service);
        },
      });
      await server.start();
      return [process, server] as const;
    }),
  );
  const byProcess = Object.fromEntries(servers) as Record<
    keyof typeof servicesOf,
    (typeof servers)[number][1]
  >;
  const rpc = {
    directory: byProcess.directory.baseUrl,
    appointments: byProcess.appointments.baseUrl,
    telephony: byProcess['telephony-gateway'].baseUrl,
    brain: byProcess['conversation-brain'].baseUrl,
    notifications: byProcess.notifications.baseUrl,
    campaigns: byProcess.campaigns.baseUrl,
    patients: byProcess.patients.baseUrl,
    insights: byProcess.insights.baseUrl,
  };
  const hospital = hospitalAt(rpc);
  return {
    ...{ handlers, asked, rpc, hospitalOf: hospital.hospitalOf },
    /** What the last call of a method asked for. */
    last: (method: string) => asked.findLast((one) => one.method === method),
    /** One service goes away, as a crashed process does. */
    stop: (process: keyof typeof servicesOf) => byProcess[process].close(),
    async close(): Promise<void> {
      hospital.close();
      for (const [, server] of servers) await server.close();
    },
  };
}

function answerOf(method: DescMethod, otherwise: (method: DescMethod) => unknown): unknown {
  if (method.methodKind !== 'server_streaming') return otherwise(method);
  return (async function* () {
    yield otherwise(method);
  })();
}

/** The services as the gateway reaches them, also from another process. */
export const hospitalAt = (rpc: Parameters<typeof createRpcHospital>[0]) =>
  createRpcHospital(rpc, createServiceTokens({ key, service: 'api-gateway' }));

export type FakeServices = Awaited<ReturnType<typeof startFakeServices>>;
