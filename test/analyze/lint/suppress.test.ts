// Comments that take findings back: where they may stand, how long they last, and what is said of those that are wrong.
import { describe, expect, it } from 'vitest';
import { makeFinding } from '../../../src/analyze/lint/kit/make.ts';
import { suppressFindings } from '../../../src/analyze/lint/suppress.ts';
import { makeSource } from '../../../src/text/source.ts';

const AT = Date.parse('2026-11-21T12:00:00Z');

/** Codes that are kept and taken back of a `lint/shadowed` at the word `allow`. */
function suppress(text: string, { at = AT, name = 'main.seg' } = {}) {
  const start = text.indexOf('allow');
  const finding = makeFinding('lint/shadowed', 'nothing is left', { file: name, start, end: start + 5 });
  const { kept, suppressed } = suppressFindings([finding], new Map([[name, makeSource(name, text)]]), at);
  const codes = (list: typeof kept) => list.map(({ diagnostic }) => diagnostic.code);
  return {
    kept: codes(kept),
    suppressed: codes(suppressed),
    messages: kept.map((f) => f.diagnostic.message),
    all: kept,
  };
}

const TAKEN = { kept: [], suppressed: ['lint/shadowed'] };

describe('a comment takes a finding back', () => {
  it.each([
    ['on its line', 'allow x // bulkhead-ignore lint/shadowed: meant'],
    ['above it', '  // bulkhead-ignore lint/shadowed: meant\n  allow x'],
    ['above other comments and empty lines', '//bulkhead-ignore lint/shadowed: meant\n\n/// doc\n// more\nallow x'],
    ['of several codes', '// bulkhead-ignore lint/redundant, lint/shadowed: meant\nallow x'],
    ['through its last day', '// bulkhead-ignore lint/shadowed until 2026-11-21: meant\nallow x'],
    ['with a colon in the reason', '// bulkhead-ignore lint/shadowed: see: the plan\nallow x'],
    ['between lines that end in CR and LF', '// bulkhead-ignore lint/shadowed: meant\r\nallow x\r\n'],
  ])('%s', (_, text) => {
    expect(suppress(text)).toMatchObject(TAKEN);
  });

  it('in YAML, where it begins with a hash', () => {
    const text = '# bulkhead-ignore lint/shadowed: meant\nallow: x';
    expect(suppress(text, { name: 'm.yaml' })).toMatchObject(TAKEN);
    expect(suppress(text)).toMatchObject({ kept: ['lint/shadowed'] });
  });
});

describe('a comment does not', () => {
  it('once its day is over, and the finding says so', () => {
    const text = '// bulkhead-ignore lint/shadowed until 2026-11-21: meant\nallow x';
    const late = suppress(text, { at: Date.parse('2026-11-22T00:00:00Z') });
    expect(late).toMatchObject({ kept: ['lint/shadowed'], suppressed: [] });
    expect(late.all[0]?.diagnostic.notes.at(-1)?.message).toBe('the suppression here ended with 2026-11-21');
  });

  it.each([
    ['of another code', '// bulkhead-ignore lint/redundant: meant\nallow x'],
    ['on the line before the last', '// bulkhead-ignore lint/shadowed: meant\ndrop y\nallow x'],
    ['behind it', 'allow x\n// bulkhead-ignore lint/shadowed: meant'],
  ])('%s, and is reported itself', (_, text) => {
    expect(suppress(text)).toMatchObject({ kept: ['lint/shadowed', 'lint/unused-suppression'], suppressed: [] });
  });

  it.each([
    [' lint/shadowed', 'it gives no reason'],
    [' lint/shadowed:  ', 'it gives no reason'],
    [' lint/shadowed until 2027-01-31', 'it gives no reason'],
    [' lint/shadowd: typo', 'there is no finding `lint/shadowd`'],
    [' lint/redundant, : x', 'there is no finding ``'],
    [' lint/shadowed until tomorrow: soon', '`tomorrow` is no date'],
    [' lint/shadowed until 2027-02-30: soon', '`2027-02-30` is no date'],
    [': all of it', 'it does not say what it ignores'],
    ['', 'it does not say what it ignores'],
  ])('if it says `bulkhead-ignore%s`', (words, problem) => {
    expect(suppress(`// bulkhead-ignore${words}\nallow x`)).toMatchObject({
      kept: ['lint/shadowed', 'lint/invalid-suppression'],
      messages: [expect.anything(), `this comment suppresses nothing: ${problem}`],
    });
  });
});
