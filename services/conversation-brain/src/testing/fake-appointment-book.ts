import type { AppointmentFacts, Slot } from '../domain/state.ts';
import type { AppointmentBook, ChangeOf } from '../ports/appointment-book.ts';

type Booking = Parameters<AppointmentBook['book']>[1];
type Move = Parameters<AppointmentBook['move']>[1];
type Method = 'findSlots' | 'hold' | 'book' | 'appointment' | 'move' | 'confirm' | 'cancel';

/** A schedule in memory. `script` answers a call of a method in its place, once each, in order. */
export class FakeAppointmentBook implements AppointmentBook {
  readonly free: Slot[];
  readonly bookings: Booking[] = [];
  readonly released: string[] = [];
  /** Every request, also those that failed. */
  readonly appointments = new Map<string, AppointmentFacts>();
  readonly changes: {
    what: 'move' | 'confirm' | 'cancel';
    appointmentId: string;
    startMs?: number;
    key?: string;
  }[] = [];
  readonly requests: { method: Method; key: string }[] = [];
  readonly script: {
    method: Method;
    answer: 'lost' | 'lost-after-doing' | 'refused' | 'taken';
  }[] = [];
  #holds = 0;

  constructor(free: readonly Slot[]) {
    this.free = [...free];
  }

  async findSlots(_tenantId: string, o: Parameters<AppointmentBook['findSlots']>[1]) {
    const scripted = this.#next('findSlots', '');
    if (scripted && scripted !== 'taken')
      return { kind: scripted === 'refused' ? scripted : ('lost' as const) };
    const { who, fromMs, toMs } = o;
    const slots = this.free.filter(
      (slot) =>
        !this.#isTaken(slot) &&
        slot.startMs >= fromMs &&
        slot.startMs < toMs &&
        (who.kind === 'any' ||
          (who.kind === 'doctor' ? slot.doctorId === who.doctorId : slot.department === who.department)),
    );
    return { kind: 'slots' as const, slots };
  }

  async hold(_tenantId: string, o: Parameters<AppointmentBook['hold']>[1]) {
    const scripted = this.#next('hold', o.key);
    if (scripted === 'taken' || (!scripted && this.#isTaken(o.slot))) return { kind: 'taken' as const };
    if (scripted) return { kind: scripted === 'refused' ? scripted : ('lost' as const) };
    this.#holds++;
    return { kind: 'held' as const, holdId: `hold-${this.#holds}` };
  }

  async release(_tenantId: string, holdId: string): Promise<void> {
    this.released.push(holdId);
  }

  async book(_tenantId: string, o: Booking) {
    const scripted = this.#next('book', o.key);
    if (scripted === 'taken' || scripted === 'refused' || scripted === 'lost') return { kind: scripted };
    const known = this.bookings.some((booking) => booking.key === o.key);
    if (!known && this.#isTaken(o.slot)) return { kind: 'taken' as const };
    if (!known) this.bookings.push(o);
    return { kind: scripted === 'lost-after-doing' ? ('lost' as const) : ('done' as const) };
  }

  async appointment(_tenantId: string, appointmentId: string) {
    const scripted = this.#next('appointment', '');
    if (scripted && scripted !== 'taken')
      return { kind: scripted === 'refused' ? scripted : ('lost' as const) };
    const appointment = this.appointments.get(appointmentId);
    return appointment ? { kind: 'found' as const, appointment } : { kind: 'unknown' as const };
  }

  async move(_tenantId: string, { appointmentId, slot, key }: Move) {
    const scripted = this.#next('move', key);
    if (scripted === 'taken' || scripted === 'refused' || scripted === 'lost') return { kind: scripted };
    const known = this.changes.some((one) => one.key === key);
    if (!known) this.changes.push({ what: 'move', appointmentId, startMs: slot.startMs, key });
    return { kind: scripted === 'lost-after-doing' ? ('lost' as const) : ('done' as const) };
  }

  confirm = (_tenantId: string, o: ChangeOf) => this.#change('confirm', o);
  cancel = (_tenantId: string, o: ChangeOf) => this.#change('cancel', o);

  async #change(what: 'confirm' | 'cancel', { appointmentId }: ChangeOf) {
    const scripted = this.#next(what, '');
    if (scripted === 'refused' || scripted === 'lost') return { kind: scripted };
    this.changes.push({ what, appointmentId });
    return { kind: scripted === 'lost-after-doing' ? ('lost' as const) : ('done' as const) };
  }

  #isTaken(slot: Slot): boolean {
    return this.bookings.some(
      (one) => one.slot.doctorId === slot.doctorId && one.slot.startMs === slot.startMs,
    );
  }

  #next(method: Method, key: string) {
    this.requests.push({ method, key });
    const at = this.script.findIndex((one) => one.method === method);
    return at < 0 ? undefined : this.script.splice(at, 1)[0]?.answer;
  }
}
