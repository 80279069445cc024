/** What a caller is written whom nobody could take, by the language of the clinic. Says nothing that tells a bystander more. */
const texts: Readonly<Record<string, string>> = {
  en: 'Nobody could take your call just now. We will call you back on this number as soon as we can.',
  es: 'Nadie ha podido atender su llamada en este momento. Le llamaremos a este número lo antes posible.',
  de: 'Gerade konnte niemand Ihren Anruf annehmen. Wir rufen Sie so bald wie möglich unter dieser Nummer zurück.',
  fr: 'Personne n’a pu prendre votre appel. Nous vous rappellerons à ce numéro dès que possible.',
};

/** In English where the clinic speaks a language that the table has not. `language` is BCP 47. */
export function callBackText(clinicName: string, language: string): string {
  const [primary = 'en'] = language.toLowerCase().split('-');
  const text = texts[primary] ?? texts['en'];
  return clinicName === '' ? String(text) : `${clinicName}: ${String(text)}`;
}
