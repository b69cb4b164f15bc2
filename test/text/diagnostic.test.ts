import { describe, expect, it } from 'vitest';
import { type Code, codes, findCode } from '../../src/text/codes.ts';
import { error, hasErrors, limitDiagnostics, note, sortDiagnostics, warning } from '../../src/text/diagnostic.ts';

const code: Code = 'workspace/more-diagnostics';
const at = (file: string, start: number) => ({ file, start, end: start + 1 });

describe('diagnostics', () => {
  it('carry their severity, and no notes or help unless given', () => {
    expect(error(code, 'm', null)).toEqual({
      code,
      severity: 'error',
      message: 'm',
      span: null,
      notes: [],
      help: null,
    });
    expect(warning(code, 'm', null, { help: 'h' })).toMatchObject({ severity: 'warning', help: 'h', notes: [] });
    const notes = [{ message: 'first here', span: at('a', 1) }];
    expect(note(code, 'm', null, { notes })).toMatchObject({ severity: 'note', help: null, notes });
  });

  it('stop an answer only if one is an error', () => {
    expect(hasErrors([])).toBe(false);
    expect(hasErrors([warning(code, 'w', null), note(code, 'n', null)])).toBe(false);
    expect(hasErrors([warning(code, 'w', null), error(code, 'e', null)])).toBe(true);
  });
});

describe('sortDiagnostics', () => {
  it('orders by file, place, severity and message, those without a place first', () => {
    const sorted = [
      note(code, 'no place', null),
      error(code, 'early', at('a.seg', 1)),
      error(code, 'bad', at('a.seg', 10)),
      error(code, 'worse', at('a.seg', 10)),
      warning(code, 'bad', at('a.seg', 10)),
      warning(code, 'elsewhere', at('b.seg', 0)),
    ];
    expect(sortDiagnostics(sorted.toReversed())).toEqual(sorted);
  });
});

describe('limitDiagnostics', () => {
  const errors = Array.from({ length: 4 }, (_, i) => error(code, `e${i}`, null));
  const warnings = Array.from({ length: 3 }, (_, i) => warning(code, `w${i}`, null));

  it('leaves a list within the limit alone', () => {
    expect(limitDiagnostics(errors, 4)).toBe(errors);
  });

  it('cuts each severity by itself and says how many are missing', () => {
    const limited = limitDiagnostics([...warnings, ...errors], 2);
    expect(limited.map((d) => d.message)).toEqual(['w0', 'w1', 'e0', 'e1', 'and 2 errors, 1 warning more']);
    expect(limited.at(-1)?.severity).toBe('note');
  });
});

describe('the registry of codes', () => {
  const entries = Object.entries(codes);

  it('names every code `area/kebab-name` and says in lower case what it means, abbreviations aside', () => {
    expect(entries.length).toBeGreaterThan(0);
    for (const [name, { summary }] of entries) {
      expect(name).toMatch(/^[a-z]+\/[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(summary, name).toMatch(/^(?![A-Z][a-z])(?!A ).*[^.\n]$/);
    }
  });

  it('finds a code that a user typed, and nothing else', () => {
    expect(findCode('workspace/more-diagnostics')).toBe('workspace/more-diagnostics');
    expect(findCode('workspace/nothing')).toBeNull();
    expect(findCode('toString')).toBeNull();
  });
});
