// `node test/fake/main.ts`, then `WARDLINE_PORT=8090 npx vite`: the console on a busy day, without anything behind it. Any
// name and password signs in. Somebody asks for a person every minute.
import { busyDay } from './busy-day.ts';
import { calendar } from './calendar.ts';
import { FakeHospital } from './hospital.ts';
import { busyHouse } from './house.ts';
import { outreach } from './outreach.ts';

const hospital = new FakeHospital();
busyDay(hospital);
outreach(hospital);
calendar(hospital);
busyHouse(hospital);
await hospital.start(Number(process.env['WARDLINE_PORT'] ?? 8090));
setInterval(() => {
  const item = hospital.addEscalation();
  hospital.live('hand-off', { handOffId: item.id, callId: item.call, state: item.state });
}, 60_000);
console.log(`a fake hospital at ${hospital.url}`);
