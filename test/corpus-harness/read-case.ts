// Reads a corpus case: a text of sections, each under a line `--- name`. Before the first stands what the case shows.
// Sections named after files are input; the others say what is expected of it. Also writes a case back.

export interface Section {
  /** What follows `---`: `policies/shop.seg`, `flows`, `flows at 2027-02-01T00:00:00Z`. */
  readonly header: string;
  readonly text: string;
}

export interface Case {
  readonly intro: string;
  readonly sections: readonly Section[];
}

const HEADER = /^--- (.+)$/;

export function readCase(text: string): Case {
  const intro: string[] = [];
  const sections: { header: string; lines: string[] }[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const header = HEADER.exec(line)?.[1];
    if (header !== undefined) sections.push({ header, lines: [] });
    else (sections.at(-1)?.lines ?? intro).push(line);
  }
  return {
    intro: intro.join('\n'),
    sections: sections.map(({ header, lines }) => ({ header, text: lines.map((line) => `${line}\n`).join('') })),
  };
}

export function writeCase({ intro, sections }: Case): string {
  return `${intro}\n${sections.map(({ header, text }) => `--- ${header}\n${text}`).join('')}`;
}

/** Whether the section is a file of the input, and not an expectation. */
export function isInput({ header }: Section): boolean {
  return /^[\w-]+\/[\w./-]+\.(seg|yaml|yml|json)( |$)/.test(header);
}

export interface InputFile {
  readonly path: string;
  /** The folder it is in: one folder is one root. */
  readonly folder: string;
  readonly text: string;
  /** Bound as a layer that governs its own workloads alone, as an imported one does. */
  readonly isImport: boolean;
}

/** `--- policies/a.seg escaped` may hold `\u{202e}` for a character and `\x{4097}{a}` for a text many times over. */
export function inputFile({ header, text }: Section): InputFile {
  const [path = '', ...options] = header.split(' ');
  return {
    path,
    folder: path.split('/')[0] ?? '',
    text: options.includes('escaped') ? expand(text) : text,
    isImport: options.includes('import'),
  };
}

function expand(text: string): string {
  return text
    .replaceAll(/\\x\{(\d+)\}\{([^}]*)\}/g, (_, times: string, what: string) => what.repeat(Number(times)))
    .replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, point: string) => String.fromCodePoint(Number.parseInt(point, 16)));
}
