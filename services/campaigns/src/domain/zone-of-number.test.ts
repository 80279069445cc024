import { parseTimeZone } from '@wardline/clinic-time';
import { nanpZones } from './nanp-zones.ts';
import { zoneOfRecipient } from './zone-of-number.ts';

const of = (e164: string, country: string | undefined, inFile?: string) =>
  zoneOfRecipient({ e164, country, inFile, clinicZone: 'America/New_York' });

describe('the zone of a recipient', () => {
  it('is the file’s where it names one', () => {
    expect(of('+12025550143', 'US', 'America/Denver')).toEqual({
      ...{ timeZone: 'America/Denver', zones: ['America/Denver'], source: 'file' },
    });
  });

  it.each([
    ['+12025550143', 'US', 'America/New_York'],
    ['+13035550143', 'US', 'America/Denver'],
    ['+16025550143', 'US', 'America/Phoenix'],
    ['+18085550143', 'US', 'Pacific/Honolulu'],
    ['+16045550143', 'CA', 'America/Vancouver'],
    ['+447700900123', 'GB', 'Europe/London'],
  ])('of %s follows from the number', (number, country, zone) => {
    expect(of(number, country)).toEqual({ timeZone: zone, zones: [zone], source: 'number' });
  });

  it('of an area in two zones is both', () => {
    expect(of('+18505550143', 'US')).toEqual({
      timeZone: 'America/New_York',
      zones: ['America/New_York', 'America/Chicago'],
      source: 'clinic',
    });
  });

  it('that nothing tells is the clinic’s and every one that the number may be in', () => {
    expect(of('+18005550143', 'US').zones).toEqual(['America/New_York', 'Pacific/Honolulu']);
    expect(of('+61491570006', 'AU').zones).toEqual([
      'Australia/Sydney',
      'America/New_York',
      'Australia/Brisbane',
      'Australia/Perth',
    ]);
    expect(of('+870773111632', undefined)).toEqual({
      ...{ timeZone: 'America/New_York', zones: ['America/New_York'], source: 'clinic' },
    });
  });

  it('is one that exists, for every area code', () => {
    expect(nanpZones.size).toBeGreaterThan(400);
    for (const zone of new Set([...nanpZones.values()].flat())) expect(parseTimeZone(zone)).toBe(zone);
  });
});
