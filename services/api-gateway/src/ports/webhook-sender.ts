import type { DeliveryAnswer } from '../domain/webhook-schedule.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
}

/** Makes one HTTP POST and says how it went. Never throws, never follows a redirect, always ends within its deadline. */
export interface WebhookSender {
  send(request: WebhookRequest): Promise<DeliveryAnswer>;
}

/** Why a URL may not be a webhook's target. */
export interface TargetProblem {
  readonly code: 'url-invalid' | 'https-required' | 'credentials-in-url' | 'port-refused' | 'target-refused';
  readonly detail: string;
}

/** Which targets are allowed. What a name resolves to is checked again whenever a connection is made. */
export interface WebhookTargets {
  /** By what the URL says alone. */
  check(url: string): TargetProblem | undefined;
  /** Also by what its name resolves to now. A name that cannot be resolved now may be resolvable later. */
  checkResolved(url: string): Promise<TargetProblem | undefined>;
}
