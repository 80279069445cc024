import { directoryChanged } from '../testing/index.ts';
import { riverside, useAppointments } from '../testing/use-appointments.ts';

const [sharma] = riverside.doctors;
if (!sharma) throw new Error('the demo has changed');

const hospital = useAppointments();

describe('directory.changed', () => {
  const clinic = {
    ...riverside,
    tenantId: '01930000-0000-7000-8000-00000000c001',
    clinicId: '01930000-0000-7000-8000-00000000c011',
  };
  const read = async () =>
    (
      await hospital.app.admin.query(
        'SELECT name, source_sequence FROM appointments.clinics WHERE clinic_id = $1',
        [clinic.clinicId],
      )
    ).rows;

  it('replaces the clinic, once per event, and never goes back', async () => {
    const doctor = { ...sharma, doctorId: '01930000-0000-7000-8000-00000000c101' };
    hospital.app.bus.publish(directoryChanged({ ...clinic, name: 'First', doctors: [doctor] }));
    hospital.app.bus.publish(directoryChanged({ ...clinic, name: 'Second', doctors: [] }));
    await hospital.app.bus.idle();
    expect(await read()).toEqual([{ name: 'Second', source_sequence: '2' }]);
    const doctors = await hospital.app.admin.query(
      'SELECT accepts_bookings FROM appointments.doctors WHERE doctor_id = $1',
      [doctor.doctorId],
    );
    expect(doctors.rows).toEqual([{ accepts_bookings: false }]);
  });

  it('does not take a clinic whose zone is unknown', async () => {
    hospital.app.bus.publish(
      directoryChanged({
        ...clinic,
        clinicId: '01930000-0000-7000-8000-00000000c012',
        timeZone: 'Mars/Olympus',
      }),
    );
    await hospital.app.bus.idle();
    expect(hospital.app.bus.deadLetters.map((d) => d.reason)).toEqual(['unknown time zone']);
  });

  it('puts aside what cannot be read, with the place that is wrong, and goes on', async () => {
    const unreadable = directoryChanged({ ...clinic, clinicId: '01930000-0000-7000-8000-00000000c013' });
    hospital.app.bus.publish({ ...unreadable, data: { ...unreadable.data, doctors: 'everybody' } });
    hospital.app.bus.publish(directoryChanged({ ...clinic, name: 'Third', doctors: [] }));
    await hospital.app.bus.idle();
    expect(hospital.app.bus.deadLetters.at(-1)?.reason).toBe(
      'unreadable DirectoryChanged at doctors: expected an array',
    );
    expect(await read()).toMatchObject([{ name: 'Third' }]);
  });
});
