import {
  advanceTurn,
  initialTurnState,
  type TurnEffect,
  type TurnEvent,
  type TurnState,
} from '../domain/turn-machine.ts';

export type TimedEffect = TurnEffect & { readonly when: number };

/** Plays a timeline into the turn machine, in windows of 32 ms; tests then read the effects with their instants. */
export class Timeline {
  now = 0;
  state: TurnState;
  readonly effects: TimedEffect[] = [];

  constructor(turnsBefore = 0) {
    this.state = initialTurnState(0, turnsBefore);
  }

  event(event: TurnEvent): this {
    const step = advanceTurn(this.state, event);
    this.state = step.state;
    this.effects.push(...step.effects.map((effect) => ({ ...effect, when: this.now })));
    return this;
  }

  voice(ms: number, probability = 0.9): this {
    for (let done = 0; done < ms; done += 32) {
      this.now += 32;
      this.event({ type: 'voice', at: this.now, probability, windowMs: 32 });
    }
    return this;
  }

  silence(ms: number): this {
    return this.voice(ms, 0.02);
  }

  /** No audio at all comes from the carrier. */
  nothing(ms: number): this {
    for (let done = 0; done < ms; done += 20) {
      this.now += 20;
      this.event({ type: 'tick', at: this.now });
    }
    return this;
  }

  partial(text: string): this {
    return this.event({ type: 'partial', at: this.now, text });
  }

  agentStarts(interruptible = true): this {
    return this.event({ type: 'agent-started', at: this.now, interruptible });
  }

  agentStops(): this {
    return this.event({ type: 'agent-stopped', at: this.now });
  }

  listen(settings: Partial<TurnState['listen']>): this {
    return this.event({
      type: 'listen',
      at: this.now,
      settings: {
        expects: ['open'],
        vocabulary: [],
        noInputMs: undefined,
        endOfTurnMs: undefined,
        ...settings,
      },
    });
  }

  key(): this {
    return this.event({ type: 'key', at: this.now });
  }

  get kinds(): string[] {
    return this.effects.map((effect) => effect.type);
  }

  first<T extends TurnEffect['type']>(type: T): Extract<TimedEffect, { type: T }> | undefined {
    return this.effects.find((effect): effect is Extract<TimedEffect, { type: T }> => effect.type === type);
  }
}
