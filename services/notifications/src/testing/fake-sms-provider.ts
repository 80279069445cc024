import type { OutgoingSms, SmsProvider, SmsResult } from '../ports/sms-provider.ts';

/** A provider that keeps what it "delivered", once per message id, and whose next answers a test can script. */
export class FakeSmsProvider implements SmsProvider {
  readonly name = 'fake';
  readonly delivered: OutgoingSms[] = [];
  /** How often it was asked, repetitions included. */
  asked = 0;
  readonly #script: (SmsResult | Error)[] = [];

  /** The next answer; an error is thrown after the message has been delivered, as when the answer is lost. */
  next(answer: SmsResult | Error): void {
    this.#script.push(answer);
  }

  async send(sms: OutgoingSms): Promise<SmsResult> {
    this.asked += 1;
    const scripted = this.#script.shift();
    if (scripted && !(scripted instanceof Error)) return scripted;
    if (!this.delivered.some((d) => d.messageId === sms.messageId)) this.delivered.push(sms);
    if (scripted) throw scripted;
    return { kind: 'accepted', reference: `fake:${sms.messageId}` };
  }
}
