/** One `FROM … AS name` with what it copies. */
export interface Stage {
  readonly name: string;
  /** An image, or the name of a stage before this one. */
  readonly from: string;
  readonly args: readonly string[];
  /** Build arguments that its instructions name. They must be declared in the stage itself. */
  readonly uses: readonly string[];
  readonly copies: readonly { readonly from: string | undefined; readonly sources: readonly string[] }[];
  /** Of this stage itself, or else of the one that it builds on. */
  readonly user: string | undefined;
  readonly command: readonly string[] | undefined;
}

/** As much of a Dockerfile as the checks look at. `globals`: the arguments before the first stage. */
export function readDockerfile(text: string): { stages: Stage[]; globals: Record<string, string> } {
  const lines = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const globals: Record<string, string> = {};
  const stages: Stage[] = [];
  for (const line of lines) {
    const [instruction = '', ...words] = line.split(/\s+/);
    const stage = stages.at(-1);
    if (instruction === 'FROM') {
      const [from = '', , name = ''] = words;
      const parent = stages.find((other) => other.name === from);
      stages.push({
        name,
        from: from.replaceAll(/\$\{(\w+)\}/g, (_, arg: string) => globals[arg] ?? ''),
        args: [],
        uses: [],
        copies: [],
        user: parent?.user,
        command: parent?.command,
      });
    } else if (instruction === 'ARG' && !stage) {
      const [name = '', value = ''] = (words[0] ?? '').split('=');
      globals[name] = value;
    } else if (stage) {
      const uses = [...line.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
      stages[stages.length - 1] = {
        ...stage,
        ...changesOf(stage, instruction, words),
        uses: [...stage.uses, ...uses],
      };
    }
  }
  return { stages, globals };
}

function changesOf(stage: Stage, instruction: string, words: readonly string[]): Partial<Stage> {
  switch (instruction) {
    case 'ARG':
      return { args: [...stage.args, (words[0] ?? '').split('=')[0] ?? ''] };
    case 'USER':
      return { user: words[0] };
    case 'CMD':
      return { command: JSON.parse(words.join(' ')) as string[] };
    case 'COPY': {
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
      const sources = words.filter((word) => !word.startsWith('--')).slice(0, -1);
      return { copies: [...stage.copies, { from, sources }] };
    }
    default:
      return {};
  }
}
