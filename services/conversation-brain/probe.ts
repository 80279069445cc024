import { understand } from './src/domain/understanding/understand.ts';
import { Temporal } from '@wardline/clinic-time';
import { demo } from '@wardline/contracts';
const c = demo.clinics[0];
const clinic = { clinicId:c.clinicId, name:c.name, timeZone:c.timeZone, assistantName:c.assistantName, emergencyText:c.emergencyText, doctors:c.doctors.map(d=>({...d, acceptsBookings:true})) };
const today = Temporal.PlainDate.from('2026-11-21');
for (const l of process.argv.slice(2)) { const [t,e]=l.split('|'); console.log(l, JSON.stringify(understand(t!, {today, clinic, expects: (e? e.split(','):['open']) as never}))); }
