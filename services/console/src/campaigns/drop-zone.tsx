import { Button } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { type DragEvent, useId, useRef, useState } from 'react';
import { fileBytesMax } from '../api/campaigns.ts';

interface DropZoneProps {
  readonly busy: boolean;
  readonly onFile: (file: File) => void;
  readonly onRefused: (reason: string) => void;
}

/** A file, dropped or chosen. What can be seen to be wrong is said before anything is sent. */
export function DropZone({ busy, onFile, onRefused }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    if (files.length > 1) return onRefused('One file at a time, please.');
    if (/\.(xlsx?|ods|numbers)$/i.test(file.name))
      return onRefused('This is a spreadsheet’s own format. Save it as CSV there, and choose that file.');
    if (file.size === 0) return onRefused('This file is empty.');
    if (file.size > fileBytesMax) return onRefused('This file is larger than 200 MB. Please divide it.');
    onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={`drop-zone ${over ? 'is-over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileSpreadsheet size={36} stroke={1.5} aria-hidden="true" />
      <p className="drop-title">Drop a file with the people to call here</p>
      <p className="muted small" id={hint}>
        CSV with a row of headings. UTF-8, UTF-16 or Windows-1252; commas, semicolons or tabs; up to 200 MB.
      </p>
      <Button loading={busy} aria-describedby={hint} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        aria-label="File with the people to call"
        tabIndex={-1}
        className="for-readers"
        onChange={(event) => {
          take(event.currentTarget.files);
          // The same file, mended, can be chosen again.
          event.currentTarget.value = '';
        }}
      />
    </div>
  );
}
