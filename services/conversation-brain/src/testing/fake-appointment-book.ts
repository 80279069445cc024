import type { Slot } from '../domain/state.ts';
import type { AppointmentBook } from '../ports/appointment-book.ts';

type Booking = Parameters<AppointmentBook['book']>[1];

/** A schedule in memory. `script` answers a call of a method in its place, once each, in order. */
export class FakeAppointmentBook implements AppointmentBook {
  readonly free: Slot[];
  readonly bookings: Booking[] = [];
  readonly released: string[] = [];
  /** Every request, also those that failed. */
  readonly requests: { method: 'findSlots' | 'hold' | 'book'; key: string }[] = [];
  readonly script: {
    method: 'findSlots' | 'hold' | 'book';
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

  #isTaken(slot: Slot): boolean {
    return this.bookings.some(
      (one) => one.slot.doctorId === slot.doctorId && one.slot.startMs === slot.startMs,
    );
  }

  #next(method: 'findSlots' | 'hold' | 'book', key: string) {
    this.requests.push({ method, key });
    const at = this.script.findIndex((one) => one.method === method);
    return at < 0 ? undefined : this.script.splice(at, 1)[0]?.answer;
  }
}
