import { demo, type DemoClinic } from '@wardline/contracts';
import { signIn, type SignedIn } from '@wardline/staff-sign-in';

export interface FreeSlot {
  readonly doctor: string;
  readonly doctorName: string;
  readonly department: string;
  readonly start: string;
  readonly end: string;
}

export interface CallDetail {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly traceId: string | null;
  readonly transcript: readonly {
    readonly speaker: 'agent' | 'caller' | 'unknown';
    readonly text: string;
    readonly confidence: number;
    readonly at: string | null;
    readonly interrupted: boolean;
  }[];
}

export interface BookedAppointment {
  readonly id: string;
  readonly patient: { readonly name: string; readonly phone: string };
}

/** The public REST API as the demo user of one clinic sees it. */
export class PlatformApi {
  readonly #base: string;
  readonly #signedIn: SignedIn;
  readonly clinic: DemoClinic;

  private constructor(base: string, signedIn: SignedIn, clinic: DemoClinic) {
    this.#base = base;
    this.#signedIn = signedIn;
    this.clinic = clinic;
  }

  /** @throws SignInRefused when the demo user cannot sign in */
  static async signIn(apiUrl: string, clinic: DemoClinic): Promise<PlatformApi> {
    const { login, password } = clinic.staff;
    return new PlatformApi(apiUrl, await signIn({ baseUrl: apiUrl, login, password }), clinic);
  }

  async freeSlots(o: { doctorId?: string; from: Date; to: Date }): Promise<FreeSlot[]> {
    const query = new URLSearchParams({
      clinic: this.clinic.clinicId,
      from: o.from.toISOString(),
      to: o.to.toISOString(),
      limit: '500',
    });
    if (o.doctorId !== undefined) query.set('doctor', o.doctorId);
    return (await this.#get<{ items: FreeSlot[] }>(`/slots?${query}`)).items;
  }

  /** Books as the front desk would. @returns the HTTP status: 201, or 409 when somebody was quicker */
  async book(slot: FreeSlot, idempotencyKey: string): Promise<number> {
    const response = await fetch(`${this.#base}/appointments`, {
      method: 'POST',
      headers: {
        ...(await this.#signedIn.headers()),
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify({
        clinic: this.clinic.clinicId,
        doctor: slot.doctor,
        start: slot.start,
        patient: { name: 'Jamie Early', phone: '+12025550199' },
      }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  call(id: string): Promise<CallDetail> {
    return this.#get(`/calls/${id}`);
  }

  async appointmentsAt(from: Date, to: Date): Promise<BookedAppointment[]> {
    const query = new URLSearchParams({
      clinic: this.clinic.clinicId,
      from: from.toISOString(),
      to: to.toISOString(),
      limit: '500',
    });
    return (await this.#get<{ items: BookedAppointment[] }>(`/appointments?${query}`)).items;
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#base}${path}`, { headers: await this.#signedIn.headers() });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

/** The demo clinic that a scenario's `to` means: one of its numbers, or the first word of its name. */
export function clinicOf(to: string): DemoClinic {
  const found = demo.clinics.find((c) => c.numbers.includes(to) || c.name.toLowerCase().split(' ')[0] === to);
  if (!found) throw new Error(`no demo clinic answers to "${to}"`);
  return found;
}
