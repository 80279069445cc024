const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Named by CLDR, and yet not a country with telephones of its own. */
const notCountries = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);

/** Countries by name: what the browser can name, and what is still called so ("DD" is not). */
export const regions: readonly { readonly value: string; readonly label: string }[] = letters
  .flatMap((first) => letters.map((second) => first + second))
  .filter((code) => !notCountries.has(code) && new Intl.Locale(`und-${code}`).region === code)
  .flatMap((code) => {
    const name = names.of(code);
    return name ? [{ value: code, label: name }] : [];
  })
  .toSorted((a, b) => a.label.localeCompare(b.label));

/** The country of a language tag such as "en-GB". */
export const regionOf = (language: string) => new Intl.Locale(language || 'en-US').region ?? 'US';
