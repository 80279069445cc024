import { type ClinicFacts, spokenAssistant, spokenDoctor } from '../clinic.ts';
import { prompts, spokenDigits } from '../prompts.en.ts';
import type { ScriptFacts } from '../state.ts';
import { type Flow, textsOf } from './flow.ts';
import { momentOf } from './moment.ts';

interface Placeholder {
  /** `machine`: may be left where anybody may listen. `person`: whoever picked up. `patient`: only the patient. */
  readonly for: 'machine' | 'person' | 'patient';
  readonly value: (script: ScriptFacts, clinic: ClinicFacts) => string | undefined;
}

const when = (script: ScriptFacts, clinic: ClinicFacts) =>
  script.appointment && momentOf(script.appointment.startMs, clinic.timeZone);

/** What texts may name in braces. */
export const placeholders: Readonly<Record<string, Placeholder>> = {
  'clinic.name': { for: 'machine', value: (_, clinic) => clinic.name },
  'clinic.phone': { for: 'machine', value: (_, clinic) => clinic.phone && spokenDigits(clinic.phone) },
  'assistant.name': { for: 'machine', value: (_, clinic) => spokenAssistant(clinic.assistantName) },
  /** The sentence that says how to have no more calls: by voice and by key. */
  'call.optOut': { for: 'person', value: () => prompts.optOutOffer },
  'patient.name': { for: 'person', value: ({ patient }) => patient.name },
  'patient.firstName': { for: 'person', value: ({ patient }) => patient.name.split(/\s+/)[0] },
  'appointment.when': { for: 'patient', value: (script, clinic) => when(script, clinic)?.spoken },
  'appointment.date': { for: 'patient', value: (script, clinic) => when(script, clinic)?.date },
  'appointment.time': { for: 'patient', value: (script, clinic) => when(script, clinic)?.time },
  'appointment.doctor': {
    for: 'patient',
    value: ({ appointment }) => appointment && spokenDoctor(appointment.doctorName),
  },
  'appointment.department': { for: 'patient', value: ({ appointment }) => appointment?.department },
};

const pattern = /\{([^{}]*)\}/g;

export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(pattern)].map(([, name]) => name!);
}

/** The text with its values; undefined when one of them is not known. */
export function fillIn(text: string, script: ScriptFacts, clinic: ClinicFacts): string | undefined {
  let complete = true;
  const filled = text.replace(pattern, (_, name: string) => {
    const value = placeholders[name]?.value(script, clinic);
    if (value === undefined || value === '') complete = false;
    return value ?? '';
  });
  return complete ? filled : undefined;
}

/** Values that a campaign must give the script: those that do not follow from the clinic. */
export function needsOf(flow: Flow): string[] {
  const named = flow.nodes
    .flatMap(textsOf)
    .flatMap(({ texts }) => Object.values(texts))
    .flatMap(placeholdersIn);
  return [...new Set(named)].filter((name) => /^(patient|appointment)\./.test(name)).sort();
}
