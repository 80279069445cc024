import { create } from '@bufbuild/protobuf';
import { durationFromMs, durationMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { dialogue } from '@wardline/contracts';
import type { Expectation, RecognitionStatus, UtteranceEnd } from '@wardline/dialogue-words';
import type { AgentCommand, CallerInput } from '../app/hold-conversation.ts';
import type { Line } from '../domain/effects.ts';

const { Expectation: Wire, RecognitionStatus: WireStatus, UtteranceEnded_Cause: Cause } = dialogue;

/** What a message means for the dialogue; undefined when it means nothing to it. */
export function inputOf(message: dialogue.CallerEvent): CallerInput | undefined {
  const { event } = message;
  switch (event.case) {
    case 'callerPartial':
      return { type: 'partial', turn: event.value.turn, text: event.value.text };
    case 'callerTurn':
      return {
        type: 'turn',
        text: event.value.text,
        confidence: event.value.confidence,
        status: statusOf(event.value.status),
        alternatives: event.value.alternatives.map(({ text }) => text),
      };
    case 'keyPressed':
      return { type: 'key', digit: event.value.digit };
    case 'callerSilent':
      return { type: 'silent' };
    case 'utteranceEnded':
      return {
        type: 'utterance-ended',
        utteranceId: event.value.utteranceId,
        cause: causeOf(event.value.cause),
        heardText: event.value.heardText,
      };
    case 'callerHungUp':
      return { type: 'hung-up' };
    case 'speechStarted':
    case 'callStarted':
    case undefined:
      return undefined;
    case 'turnMeasured':
      return event.value.response === undefined
        ? undefined
        : { type: 'turn-measured', turn: event.value.turn, ms: Math.round(durationMs(event.value.response)) };
    default:
      return event satisfies never;
  }
}

/** A status that this version does not know is not one to act on. */
function statusOf(status: dialogue.RecognitionStatus): RecognitionStatus {
  if (status === WireStatus.CONFIDENT) return 'confident';
  return status === WireStatus.UNSURE ? 'unsure' : 'not-understood';
}

function causeOf(cause: dialogue.UtteranceEnded_Cause): UtteranceEnd {
  if (cause === Cause.PLAYED) return 'played';
  if (cause === Cause.INTERRUPTED) return 'interrupted';
  return cause === Cause.REPLACED ? 'replaced' : 'failed';
}

const expectations: Record<Expectation, dialogue.Expectation> = {
  open: Wire.OPEN,
  'yes-no': Wire.YES_NO,
  date: Wire.DATE,
  time: Wire.TIME,
  'person-name': Wire.PERSON_NAME,
  digits: Wire.DIGITS,
  'doctor-or-department': Wire.DOCTOR_OR_DEPARTMENT,
  'called-person': Wire.CALLED_PERSON,
};

export function commandOf(command: AgentCommand): dialogue.AgentCommand {
  if (command.type === 'say') {
    const { utteranceId, text, interruptible, rate, replace } = command;
    const value = create(dialogue.SaySchema, { utteranceId, text, interruptible, rate, replace });
    return create(dialogue.AgentCommandSchema, { command: { case: 'say', value } });
  }
  const value = create(dialogue.ListenSchema, {
    expects: command.expects.map((one) => expectations[one]),
    vocabulary: [...command.vocabulary],
    noInputTimeout: durationFromMs(command.noInputMs),
  });
  return create(dialogue.AgentCommandSchema, { command: { case: 'listen', value } });
}

export function transcriptLineOf(line: Line): dialogue.TranscriptLine {
  return create(dialogue.TranscriptLineSchema, {
    sequence: line.sequence,
    speaker:
      line.speaker === 'agent'
        ? dialogue.TranscriptLine_Speaker.AGENT
        : dialogue.TranscriptLine_Speaker.CALLER,
    text: line.text,
    confidence: line.confidence,
    at: timestampFromMs(line.atMs),
    interrupted: line.interrupted,
  });
}
