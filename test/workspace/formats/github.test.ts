// Workflow commands read back as GitHub's runner reads them: what a user wrote ends in the property or message that it
// was meant for, and begins no command.
import { describe, expect, it } from 'vitest';
import { renderGithub } from '../../../src/workspace/formats/ci/github.ts';
import { GOOD_REPORT, HOSTILE, HOSTILE_REPORT, OPTIONS, reportOf } from './hostile-report.ts';

interface Annotation {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** As the runner does: `::name key=value,key=value::message`, then escapes are undone. */
function readCommand(line: string): Annotation | null {
  const match = /^\s*::(\w+)(?: (.*?))?::(.*)$/.exec(line);
  if (match === null) return null;
  const undo = (text: string): string =>
    text.replace(/%(0D|0A|3A|2C|25)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const properties = (match[2] ?? '').split(',').map((pair) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    return [name, undo(value)];
  });
  return { command: match[1] ?? '', properties: Object.fromEntries(properties), message: undo(match[3] ?? '') };
}

const read = (report: Parameters<typeof renderGithub>[0]) => {
  const lines = renderGithub(report, OPTIONS).trimEnd().split('\n');
  return { lines, annotations: lines.flatMap((line) => readCommand(line) ?? []) };
};

describe('annotations', () => {
  it('carry file, place and code, whatever names are in them', () => {
    const { annotations } = read(HOSTILE_REPORT);
    expect(new Set(annotations.map(({ command }) => command))).toEqual(new Set(['error', 'warning', 'notice']));
    for (const { properties } of annotations) {
      expect(properties.title).toMatch(/^[a-z]+\/[a-z-]+$/);
      if (properties.file !== undefined) expect(properties.file).toBe('infra/policies/a b,c:d%,é#.seg');
      expect(Object.keys(properties).filter((name) => !/^(file|line|endLine|col|endColumn|title)$/.test(name))).toEqual(
        [],
      );
    }
  });

  it('keep every line of a message, and nothing that does not print', () => {
    const { annotations } = read(reportOf(['a\nb\u001b']));
    const message = annotations.find(({ properties }) => properties.title === 'check/unknown-group')?.message;
    expect(message?.split('\n')).toEqual([
      'there is no group `a',
      'b<U+001B>`',
      'see `a',
      'b<U+001B>`',
      'a',
      'b<U+001B>',
      'help: did you mean `a',
      'b<U+001B>`?',
      'or `a',
      'b<U+001B>`',
    ]);
  });

  it('are at most ten of a kind; the rest are counted in a line that is no command', () => {
    const { lines, annotations } = read(HOSTILE_REPORT);
    for (const command of ['error', 'warning', 'notice']) {
      expect(annotations.filter((item) => item.command === command)).toHaveLength(10);
    }
    expect(lines.filter((line) => !line.startsWith('::'))).toEqual([
      expect.stringMatching(/^\d+ more errors are not annotated$/),
      `${HOSTILE.length - 10} more warnings are not annotated`,
      expect.stringMatching(/^\d+ more notes are not annotated$/),
      'bulkhead failed: form, check, tests',
    ]);
  });

  it('are none where all is well', () => {
    expect(read(GOOD_REPORT).lines).toEqual(['bulkhead passed']);
  });
});
