// Gives what is exported names that read well and are free: `web`, and where that is taken `web-2`.

/** Names given out so far, of one kind of thing. */
export interface Namer {
  /** A free name made of the text: letters, digits, `-` and `_`, as the language writes names bare. */
  readonly take: (text: string) => string;
}

/** `reserved` are never given. */
export function makeNamer(reserved: Iterable<string> = []): Namer {
  const taken = new Set(reserved);
  return {
    take(text) {
      const base = plainName(text);
      let name = base;
      for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
      taken.add(name);
      return name;
    },
  };
}

function plainName(text: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80)
    .replace(/-+$/, '');
  if (plain === '') return 'unnamed';
  return /^[0-9]/.test(plain) ? `n-${plain}` : plain;
}
