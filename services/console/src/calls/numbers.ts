/** What was typed as a number the API understands, or undefined while it is none: "+1 202 555 0143" is "+12025550143". */
export function e164(typed: string): string | undefined {
  const digits = typed.replace(/[\s().-]/g, '').replace(/^00/, '+');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

/** Whether what was typed is the beginning of such a number, if not all of it. */
export const beginsE164 = (typed: string): boolean => /^\s*(\+|00)[\d\s().-]*$/.test(typed);
