/** The cookies of one sign-in: as much of a browser's jar as one server needs. */
export class Cookies {
  readonly #values = new Map<string, string>();

  take(answer: Response): void {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const gone = attributes.some((one) => {
        const [key, when = ''] = one.split('=');
        return key?.toLowerCase() === 'expires' && Date.parse(when) <= Date.now();
      });
      if (gone || value === '') this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }

  /** The header of the next request. */
  header(): Record<string, string> {
    if (this.#values.size === 0) return {};
    return { cookie: [...this.#values].map(([name, value]) => `${name}=${value}`).join('; ') };
  }
}
