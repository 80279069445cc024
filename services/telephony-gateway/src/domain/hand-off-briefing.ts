import { Personal } from '@wardline/personal-data';

/** What a person should know before they speak. All of it is personal. */
export interface Briefing {
  readonly patientName: string;
  readonly summary: string;
  readonly details: readonly { readonly label: string; readonly value: string }[];
  /** Oldest first. */
  readonly lines: readonly { readonly agent: boolean; readonly text: string }[];
}

/** More than anybody reads while a telephone rings; thirty open briefings of this size fit into one answer. */
const MAX = { name: 200, summary: 1_000, details: 20, label: 80, value: 400, lines: 60, text: 400 } as const;

/** One personal value, cut to what is useful: the newest lines stay. A long conversation must not cost the caller the person. */
export function briefingToPersonal(briefing: Briefing): Personal {
  const kept: Briefing = {
    patientName: briefing.patientName.slice(0, MAX.name),
    summary: briefing.summary.slice(0, MAX.summary),
    details: briefing.details
      .slice(0, MAX.details)
      .map(({ label, value }) => ({ label: label.slice(0, MAX.label), value: value.slice(0, MAX.value) })),
    lines: briefing.lines
      .slice(-MAX.lines)
      .map(({ agent, text }) => ({ agent, text: text.slice(0, MAX.text) })),
  };
  return Personal.of(JSON.stringify(kept));
}

/** Of a value that `briefingToPersonal` made. */
export function briefingOf(personal: Personal): Briefing {
  return JSON.parse(personal.reveal()) as Briefing;
}
