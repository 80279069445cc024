/**
 * The demo installation: two hospitals that share nothing, so that every run also shows their separation. All people
 * are invented; the numbers lie in ranges reserved for fiction (NANP 555-01xx, Ofcom 07700 900xxx and 020 7946 0xxx).
 * Services seed themselves from this file when they start with WARDLINE_DEMO=1.
 */
export interface DemoDoctor {
  readonly doctorId: string;
  readonly name: string;
  readonly department: string;
  readonly alsoCalled: readonly string[];
  readonly serviceId: string;
  readonly serviceMinutes: number;
  /** Local hours per ISO weekday (1 = Monday), half-open. */
  readonly working: readonly {
    readonly isoWeekdays: readonly number[];
    readonly from: string;
    readonly to: string;
  }[];
}

export interface DemoClinic {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly clinicId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly language: string;
  readonly assistantName: string;
  readonly numbers: readonly string[];
  readonly transferNumber: string;
  readonly emergencyNumber: string;
  readonly emergencyText: string;
  readonly opening: readonly {
    readonly isoWeekdays: readonly number[];
    readonly from: string;
    readonly to: string;
  }[];
  readonly doctors: readonly DemoDoctor[];
  /** Who signs in first: the hospital's administrator. */
  readonly staff: DemoStaff;
  /** The others, one of each role at least at the first hospital. */
  readonly team: readonly DemoStaff[];
}

export interface DemoStaff {
  readonly userId: string;
  readonly login: string;
  readonly password: string;
  readonly displayName: string;
  readonly role: 'admin' | 'manager' | 'supervisor' | 'frontdesk' | 'integrator' | 'auditor';
  /** E.164, where calls are handed to. */
  readonly phone?: string;
}

const member = (
  hospital: 'riverside' | 'harbour',
  number: string,
  displayName: string,
  role: DemoStaff['role'],
  phone?: string,
): DemoStaff => ({
  userId: `01930000-0000-7000-8000-00000000${number}`,
  login: `${displayName.split(' ')[0]?.toLowerCase() ?? ''}@${hospital}.example`,
  password: `${hospital}-demo`,
  displayName,
  role,
  ...(phone ? { phone } : {}),
});

const weekdays = [1, 2, 3, 4, 5] as const;

export const demo: { readonly clinics: readonly [DemoClinic, DemoClinic] } = {
  clinics: [
    {
      tenantId: '01930000-0000-7000-8000-00000000a001',
      tenantName: 'Riverside Health',
      clinicId: '01930000-0000-7000-8000-00000000a011',
      name: 'Riverside Clinic',
      timeZone: 'America/New_York',
      language: 'en-US',
      assistantName: 'the automated assistant of Riverside Clinic',
      numbers: ['+12025550110'],
      transferNumber: '+12025550119',
      emergencyNumber: '+12025550112',
      emergencyText:
        'This sounds like an emergency. If you can, call nine one one right now. I am connecting you to our emergency desk. Please stay on the line.',
      opening: [
        { isoWeekdays: weekdays, from: '08:00', to: '18:00' },
        { isoWeekdays: [6], from: '09:00', to: '13:00' },
      ],
      doctors: [
        {
          doctorId: '01930000-0000-7000-8000-00000000a101',
          name: 'Dr. Anita Sharma',
          department: 'Cardiology',
          alsoCalled: ['cardiologist', 'heart doctor', 'heart specialist'],
          serviceId: '01930000-0000-7000-8000-00000000a201',
          serviceMinutes: 30,
          working: [{ isoWeekdays: weekdays, from: '09:00', to: '17:00' }],
        },
        {
          doctorId: '01930000-0000-7000-8000-00000000a102',
          name: 'Dr. David Brown',
          department: 'General Medicine',
          alsoCalled: ['general practitioner', 'family doctor', 'physician', 'general doctor'],
          serviceId: '01930000-0000-7000-8000-00000000a202',
          serviceMinutes: 20,
          working: [
            { isoWeekdays: weekdays, from: '08:00', to: '12:00' },
            { isoWeekdays: weekdays, from: '13:00', to: '18:00' },
            { isoWeekdays: [6], from: '09:00', to: '13:00' },
          ],
        },
        {
          doctorId: '01930000-0000-7000-8000-00000000a103',
          name: 'Dr. Laura Miller',
          department: 'Dermatology',
          alsoCalled: ['dermatologist', 'skin doctor', 'skin specialist'],
          serviceId: '01930000-0000-7000-8000-00000000a203',
          serviceMinutes: 30,
          working: [{ isoWeekdays: [1, 2, 3, 4], from: '10:00', to: '16:00' }],
        },
      ],
      staff: {
        userId: '01930000-0000-7000-8000-00000000a301',
        login: 'demo@riverside.example',
        password: 'riverside-demo',
        displayName: 'Robin Hall',
        role: 'admin',
      },
      team: [
        member('riverside', 'a302', 'Morgan Blake', 'manager'),
        member('riverside', 'a303', 'Jordan Ellis', 'supervisor', '+12025550171'),
        member('riverside', 'a304', 'Taylor Reed', 'supervisor', '+12025550172'),
        member('riverside', 'a305', 'Casey Quinn', 'frontdesk'),
        member('riverside', 'a306', 'Avery Stone', 'integrator'),
        member('riverside', 'a307', 'Robin Hayes', 'auditor'),
      ],
    },
    {
      tenantId: '01930000-0000-7000-8000-00000000b001',
      tenantName: 'Harbour Hospital Trust',
      clinicId: '01930000-0000-7000-8000-00000000b011',
      name: 'Harbour Hospital',
      timeZone: 'Europe/London',
      language: 'en-GB',
      assistantName: 'the automated assistant of Harbour Hospital',
      numbers: ['+442079460110'],
      transferNumber: '+442079460119',
      emergencyNumber: '+442079460112',
      emergencyText:
        'This sounds like an emergency. If you can, call nine nine nine right now. I am connecting you to our emergency desk. Please stay on the line.',
      opening: [{ isoWeekdays: weekdays, from: '08:30', to: '17:30' }],
      doctors: [
        {
          doctorId: '01930000-0000-7000-8000-00000000b101',
          name: 'Dr. Emma Wilson',
          department: 'Pediatrics',
          alsoCalled: ['pediatrician', 'children doctor', 'child doctor'],
          serviceId: '01930000-0000-7000-8000-00000000b201',
          serviceMinutes: 20,
          working: [{ isoWeekdays: weekdays, from: '09:00', to: '16:00' }],
        },
        {
          doctorId: '01930000-0000-7000-8000-00000000b102',
          name: 'Dr. Michael Patel',
          department: 'Orthopedics',
          alsoCalled: ['orthopedist', 'bone doctor', 'joint specialist'],
          serviceId: '01930000-0000-7000-8000-00000000b202',
          serviceMinutes: 30,
          working: [{ isoWeekdays: [1, 3, 5], from: '09:30', to: '15:30' }],
        },
      ],
      staff: {
        userId: '01930000-0000-7000-8000-00000000b301',
        login: 'demo@harbour.example',
        password: 'harbour-demo',
        displayName: 'Sam Carter',
        role: 'admin',
      },
      team: [member('harbour', 'b302', 'Jamie Cole', 'supervisor', '+442079460171')],
    },
  ],
};
