// The example on the page of every code triggers it, with the severity that the registry gives, and nothing worse.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importKubernetes } from '../../../src/importers/kubernetes/import-kubernetes.ts';
import { documentCodes } from '../../../src/text/codes/document.ts';
import { kubernetesCodes } from '../../../src/text/codes/kubernetes.ts';

const folder = new URL('../../../docs/codes/', import.meta.url);
const codes = Object.entries({ ...kubernetesCodes, ...documentCodes });

/** Examples that are commands: what they show is not in a text. */
const COMMANDS: Readonly<Record<string, () => ReturnType<typeof importKubernetes>>> = {
  'kubernetes/unknown-dialect': () => importKubernetes([], { name: 'cluster', dialect: 'celium' }),
  'document/not-text': () => importKubernetes([{ name: 'a.gz', text: '\u001f\u008b\b' }], { name: 'cluster' }),
  'document/too-large': () =>
    importKubernetes([{ name: 'a.yaml', text: ' '.repeat(128 * 1024 * 1024 + 1) }], { name: 'cluster' }),
};

describe.each(codes)('%s', (code, { severity }) => {
  const page = readFileSync(new URL(`${code.replace('/', '-')}.md`, folder), 'utf8');
  const example = /```(?:yaml|json)\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const command = COMMANDS[code];
  const { diagnostics } =
    command === undefined
      ? importKubernetes([{ name: 'example.yaml', text: example }], { name: 'cluster' })
      : command();

  it('is what its example shows', () => {
    const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(found.map((diagnostic) => diagnostic.severity)).toContain(severity);
  });

  it('is all that is wrong with its example', () => {
    expect(diagnostics.filter((item) => item.code !== code && item.severity === 'error')).toEqual([]);
  });
});
