/** Phone numbers as people write them. */
export interface PhoneNumbers {
  isRegion(region: string): boolean;
  /** @param region ISO 3166, of numbers that are written without a country */
  parse(
    text: string,
    region: string,
  ):
    | { readonly kind: 'number'; readonly e164: string; readonly country: string | undefined }
    | { readonly kind: 'invalid'; readonly problem: string };
}
