import { demo } from '@wardline/contracts';
import { PlatformApi } from './platform-api.ts';
import type { RunningCopy } from './running-copy.ts';
import { readScenarioFile, scenarioNames } from './scenario-files.ts';

const day = 86_400_000;

/** What a program needs to make calls of its own: scenarios, numbers, zones, doctors and free slots. */
export async function listDemo(copy: RunningCopy) {
  const from = new Date();
  const to = new Date(from.getTime() + 14 * day);
  return {
    scenarios: scenarioNames().map((name) => ({ name, title: String(readScenarioFile(name)['title']) })),
    clinics: await Promise.all(
      demo.clinics.map(async (clinic) => {
        const api = await PlatformApi.signIn(copy.apiUrl, clinic);
        return {
          clinic: clinic.clinicId,
          name: clinic.name,
          numbers: clinic.numbers,
          transferNumber: clinic.transferNumber,
          emergencyNumber: clinic.emergencyNumber,
          timeZone: clinic.timeZone,
          language: clinic.language,
          doctors: clinic.doctors.map((d) => ({
            doctor: d.doctorId,
            name: d.name,
            department: d.department,
            alsoCalled: d.alsoCalled,
          })),
          freeSlots: await api.freeSlots({ from, to }),
        };
      }),
    ),
  };
}
