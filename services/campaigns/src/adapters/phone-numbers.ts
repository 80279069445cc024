import {
  isSupportedCountry,
  parsePhoneNumberWithError,
  ParseError,
  type CountryCode,
} from 'libphonenumber-js';
import type { PhoneNumbers } from '../ports/phone-numbers.ts';

const TEXT_MAX = 60;
/** Mobile numbers that Ofcom keeps for drama: nobody has them, and demonstrations need some that nobody has. */
const FICTION = /^\+447700900\d{3}$/;

export function createPhoneNumbers(): PhoneNumbers {
  const invalid = (problem: string) => ({ kind: 'invalid', problem }) as const;
  return {
    isRegion: isSupportedCountry,
    parse(written, region) {
      // An apostrophe is what our own exports, and spreadsheets, put before a number so that it stays a text.
      const text = written.trim().replace(/^['’]/, '');
      if (text.length > TEXT_MAX) return invalid('it is too long for a phone number');
      if (/^[\d.,]+E\+?\d+$/i.test(text))
        return invalid('a spreadsheet has shortened it; format the column as text and export the file again');
      try {
        const number = parsePhoneNumberWithError(text, region === '' ? undefined : (region as CountryCode));
        if (number.ext) return invalid('it has an extension, which cannot be dialled; give a direct number');
        if (FICTION.test(number.number)) return { kind: 'number', e164: number.number, country: 'GB' };
        if (!number.isValid())
          return invalid(
            `there is no such number${number.country ? ` in ${number.country}` : ''}; check its digits`,
          );
        return { kind: 'number', e164: number.number, country: number.country };
      } catch (error) {
        if (!(error instanceof ParseError)) throw error;
        return invalid(parseProblems[error.message] ?? 'it is not a phone number');
      }
    },
  };
}

/** By the library's words (README, "parsePhoneNumberWithError"). */
const parseProblems: Readonly<Record<string, string>> = {
  NOT_A_NUMBER: 'it is not a phone number',
  INVALID_COUNTRY: 'its country code does not exist; write it like +12025550143',
  TOO_SHORT: 'it has too few digits',
  TOO_LONG: 'it has too many digits',
  INVALID_LENGTH: 'it has a wrong number of digits',
};
