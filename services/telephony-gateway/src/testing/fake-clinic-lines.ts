import type { ClinicLines, Lines } from '../ports/clinic-lines.ts';

export interface FakeClinicLines extends ClinicLines {
  /** While true, every question is rejected. */
  down: boolean;
  lines: Lines;
}

export function createFakeClinicLines(
  numbers: Readonly<Record<string, { tenantId: string; clinicId: string }>>,
): FakeClinicLines {
  const fake: FakeClinicLines = {
    down: false,
    lines: {
      name: 'Riverside Clinic',
      language: 'en-US',
      number: '+12025550110',
      transferNumber: '+12025550119',
      emergencyNumber: '+12025550112',
    },
    async resolve(number) {
      if (fake.down) throw new Error('the directory is down');
      return numbers[number];
    },
    async linesOf() {
      if (fake.down) throw new Error('the directory is down');
      return fake.lines;
    },
  };
  return fake;
}
