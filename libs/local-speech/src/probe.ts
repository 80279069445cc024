import { existsSync } from 'node:fs';

export interface SpeechProbe {
  readonly ok: boolean;
  /** What the recogniser lacks, by name. */
  readonly missing: readonly string[];
  /** The command that installs it on Debian; empty when nothing is missing. */
  readonly command: string;
}

export const POCKETSPHINX_LIBRARY = 'libpocketsphinx.so.3';
export const SPHINXBASE_LIBRARY = 'libsphinxbase.so.3';
/** Where Debian's pocketsphinx-en-us puts the acoustic model and the dictionary. */
export const SPHINX_MODEL = '/usr/share/pocketsphinx/model/en-us';

const libraryFolders = [
  '/usr/lib',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/local/lib',
  '/lib',
  ...(process.env['LD_LIBRARY_PATH']?.split(':') ?? []),
];

/**
 * Whether embedded recognition can run here. Voice activity and synthesis come with npm; the recogniser needs two Debian
 * packages. Looks at files only: nothing is loaded, so it can be asked before anything is started.
 */
export function probeLocalSpeech(exists: (path: string) => boolean = existsSync): SpeechProbe {
  const missing: string[] = [];
  if (!libraryFolders.some((folder) => exists(`${folder}/${POCKETSPHINX_LIBRARY}`)))
    missing.push('libpocketsphinx3');
  const model = [`${SPHINX_MODEL}/en-us/mdef`, `${SPHINX_MODEL}/cmudict-en-us.dict`];
  if (!model.every(exists)) missing.push('pocketsphinx-en-us');
  const command =
    missing.length === 0 ? '' : `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  return { ok: missing.length === 0, missing, command };
}
