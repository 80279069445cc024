import { create } from '@bufbuild/protobuf';
import { DurationSchema, timestampFromDate, type Duration } from '@bufbuild/protobuf/wkt';
import { dialogue } from '@wardline/contracts';
import type { Expectation, UtteranceEnd } from '@wardline/dialogue-words';
import type { ListenSettings } from '../../domain/listen-settings.ts';
import type { AgentCommand, CallerEvent, CallFacts } from '../../ports/dialogue.ts';
import type { Recognition } from '../../ports/speech.ts';

const { CallerEventSchema, Expectation: WireExpectation, RecognitionStatus, UtteranceEnded_Cause } = dialogue;

const statusOf: Readonly<Record<Recognition['status'], dialogue.RecognitionStatus>> = {
  confident: RecognitionStatus.CONFIDENT,
  unsure: RecognitionStatus.UNSURE,
  'not-understood': RecognitionStatus.NOT_UNDERSTOOD,
};

const causeOf: Readonly<Record<UtteranceEnd, dialogue.UtteranceEnded_Cause>> = {
  played: UtteranceEnded_Cause.PLAYED,
  interrupted: UtteranceEnded_Cause.INTERRUPTED,
  replaced: UtteranceEnded_Cause.REPLACED,
  failed: UtteranceEnded_Cause.FAILED,
};

const expectationOf: Readonly<Record<dialogue.Expectation, Expectation>> = {
  // A newer dialogue may wait for something this service does not know: then anything may come.
  [WireExpectation.UNSPECIFIED]: 'open',
  [WireExpectation.OPEN]: 'open',
  [WireExpectation.YES_NO]: 'yes-no',
  [WireExpectation.DATE]: 'date',
  [WireExpectation.TIME]: 'time',
  [WireExpectation.PERSON_NAME]: 'person-name',
  [WireExpectation.DIGITS]: 'digits',
  [WireExpectation.DOCTOR_OR_DEPARTMENT]: 'doctor-or-department',
  [WireExpectation.CALLED_PERSON]: 'called-person',
};

type Event = dialogue.CallerEvent['event'];

export function callStarted(facts: CallFacts): dialogue.CallerEvent {
  const { callId, clinicId, ownerEpoch, language, resumed, attemptId = '', machine } = facts;
  return create(CallerEventSchema, {
    event: {
      case: 'callStarted',
      value: { callId, clinicId, ownerEpoch, language, resumed, attemptId, machine },
    },
  });
}

export function toWire(event: CallerEvent): dialogue.CallerEvent {
  switch (event.type) {
    case 'speech-started':
      return wrap({ case: 'speechStarted', value: { at: timestampFromDate(event.at) } });
    case 'caller-partial':
      return wrap({ case: 'callerPartial', value: { turn: event.turn, text: event.text } });
    case 'caller-turn': {
      const { text, confidence, status, alternatives } = event.recognition;
      return wrap({
        case: 'callerTurn',
        value: {
          turn: event.turn,
          text,
          confidence,
          status: statusOf[status],
          alternatives: alternatives.map((alternative) => ({ ...alternative })),
          startedAt: timestampFromDate(event.startedAt),
          endedAt: timestampFromDate(event.endedAt),
        },
      });
    }
    case 'key-pressed':
      return wrap({ case: 'keyPressed', value: { digit: event.digit } });
    case 'caller-silent':
      return wrap({ case: 'callerSilent', value: { silence: durationOf(event.silenceMs) } });
    case 'utterance-ended': {
      const { utteranceId, end, heardText } = event;
      return wrap({ case: 'utteranceEnded', value: { utteranceId, cause: causeOf[end], heardText } });
    }
    case 'turn-measured':
      return wrap({
        case: 'turnMeasured',
        value: { turn: event.turn, response: durationOf(event.responseMs) },
      });
    case 'caller-hung-up':
      return wrap({ case: 'callerHungUp', value: {} });
    default:
      throw new Error(`unreachable ${String(event satisfies never)}`);
  }
}

type EventInit = NonNullable<Parameters<typeof create<typeof CallerEventSchema>>[1]>['event'];

function wrap(event: EventInit & { case: NonNullable<Event['case']> }): dialogue.CallerEvent {
  return create(CallerEventSchema, { event });
}

/** @returns undefined for a command this version does not know */
export function fromWire({ command }: dialogue.AgentCommand): AgentCommand | undefined {
  switch (command.case) {
    case 'say': {
      const { utteranceId, text, interruptible, rate, replace } = command.value;
      return { type: 'say', utteranceId, text, interruptible, rate: rate > 0 ? rate : 1, replace };
    }
    case 'listen':
      return { type: 'listen', settings: settingsOf(command.value) };
    case 'hush':
      return { type: 'hush' };
    case undefined:
      return undefined;
    default:
      throw new Error(`unreachable ${String(command satisfies never)}`);
  }
}

function settingsOf(listen: dialogue.Listen): ListenSettings {
  const expects = listen.expects.map((expectation) => expectationOf[expectation] ?? 'open');
  return {
    expects: expects.length === 0 ? ['open'] : [...new Set(expects)],
    vocabulary: listen.vocabulary,
    noInputMs: positiveMs(listen.noInputTimeout),
    endOfTurnMs: positiveMs(listen.endOfTurnSilence),
  };
}

function positiveMs(duration: Duration | undefined): number | undefined {
  const ms = duration === undefined ? 0 : Number(duration.seconds) * 1_000 + duration.nanos / 1e6;
  return ms > 0 ? ms : undefined;
}

function durationOf(ms: number): Duration {
  const whole = Math.max(0, Math.round(ms));
  return create(DurationSchema, { seconds: BigInt(Math.floor(whole / 1_000)), nanos: (whole % 1_000) * 1e6 });
}
