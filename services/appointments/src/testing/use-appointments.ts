import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { demo, type appointments } from '@wardline/contracts';
import { startAppointments, type RunningAppointments } from './start-appointments.ts';

export const [riverside, harbour] = demo.clinics;
export const patient = { name: 'Maria Lopez', phone: '+12025550143' };

const dayMs = 86_400_000;

/** A slot in the words of a request for it. */
export const wish = (slot: appointments.Slot) => {
  if (!slot.start) throw new Error('a slot has a start');
  return { clinicId: riverside.clinicId, doctorId: slot.doctorId, start: slot.start };
};

/** One running service for the tests of a file, whose clock is right again after each. */
export function useAppointments() {
  let app: RunningAppointments;
  let keys = 0;
  beforeAll(async () => {
    app = await startAppointments();
  });
  afterAll(() => app?.stop());
  afterEach(() => {
    app.clock.offsetMs = 0;
  });
  return {
    get app() {
      return app;
    },
    /** As the conversation-brain, for the Riverside Clinic. */
    us: () => app.as(riverside.tenantId),
    newKey: (): string => `key-${++keys}`,
    /** Free slots of a doctor from so many days ahead; each test takes from its own day so that none disturbs another. */
    async slotsOf(doctorId: string, daysAhead: number, { clinic = riverside, days = 7 } = {}) {
      const fromMs = Date.now() + daysAhead * dayMs;
      const { slots } = await app.as(clinic.tenantId).findSlots({
        clinicId: clinic.clinicId,
        doctorId,
        from: timestampFromMs(fromMs),
        to: timestampFromMs(fromMs + days * dayMs),
        limit: 500,
      });
      return slots;
    },
  };
}
