import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { e164 } from '../calls/numbers.ts';
import { readableNumber } from '../parts/phone.tsx';

interface NumberFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly required?: boolean;
  /** E.164, or empty. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const wrong = 'This is not a whole number with its country’s code, such as +1 202 555 0143.';

/** A number as people write it; passed on as E.164. While it is none the form cannot be sent, and says why. */
export function NumberField({ label, hint, required = false, value, onChange }: NumberFieldProps) {
  const [typed, setTyped] = useState(value && readableNumber(value));
  const input = useRef<HTMLInputElement>(null);
  const good = typed.trim() === '' ? !required : e164(typed) !== undefined;
  // Another value from outside: undone, or what somebody else saved.
  useEffect(() => {
    setTyped((before) =>
      (e164(before) ?? before.trim()) === value ? before : value && readableNumber(value),
    );
  }, [value]);
  useEffect(() => input.current?.setCustomValidity(good ? '' : wrong), [good]);
  return (
    <TextInput
      ref={input}
      label={label}
      description={hint}
      required={required}
      inputMode="tel"
      autoComplete="off"
      placeholder="+1 202 555 0143"
      value={typed}
      error={good ? undefined : wrong}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        if (text.trim() === '' || e164(text)) onChange(e164(text) ?? '');
      }}
    />
  );
}
