import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';

/**
 * An E.164 number in groups, as people read it aloud: "+1 202 555 0143", "+44 20 7946 0110". Where the country's grouping is
 * not known, the digits stay together: a wrong grouping is worse than none.
 */
export function readableNumber(e164: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (american) return `+1 ${american[1]} ${american[2]} ${american[3]}`;
  const london = /^\+44(2\d)(\d{4})(\d{4})$/.exec(e164);
  if (london) return `+44 ${london[1]} ${london[2]} ${london[3]}`;
  const british = /^\+44(\d{4})(\d{6})$/.exec(e164);
  if (british) return `+44 ${british[1]} ${british[2]}`;
  return e164;
}

export const numberOrWithheld = (e164: string | null) => (e164 ? readableNumber(e164) : 'Number withheld');

/** Who called whom, as an arrow with its meaning. */
export function Direction({ direction }: { readonly direction: string }) {
  const outbound = direction === 'outbound';
  const Icon = outbound ? IconArrowUpRight : IconArrowDownLeft;
  const label = outbound ? 'Outbound' : 'Inbound';
  return (
    <span className={`direction direction-${outbound ? 'out' : 'in'}`} title={label}>
      <Icon size={18} aria-hidden="true" />
      <span className="for-readers">{label}</span>
    </span>
  );
}
