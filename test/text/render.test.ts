import { describe, expect, it } from 'vitest';
import { type Diagnostic, error, note, warning } from '../../src/text/diagnostic.ts';
import { renderDiagnostics } from '../../src/text/render.ts';
import { makeSource, type Source, type Span } from '../../src/text/source.ts';

const STYLE = new RegExp(`${'\u001b'}\\[[\\d;]+m`, 'g');
const CODE = 'workspace/more-diagnostics';

/** Takes the part between `[[` and `]]` as the span. */
function place(text: string): { readonly sources: ReadonlyMap<string, Source>; readonly span: Span } {
  const start = text.indexOf('[[');
  const end = text.indexOf(']]') - 2;
  const source = makeSource('shop.seg', text.replace('[[', '').replace(']]', ''));
  return { sources: new Map([[source.name, source]]), span: { file: 'shop.seg', start, end } };
}

function render(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, Source>, width = 80): string[] {
  return renderDiagnostics(diagnostics, sources, { color: false, width }).split('\n');
}

/** The excerpt of an error at the marked place: the source line and its underline, without the frame. */
function excerpt(marked: string, width = 80): string[] {
  const { sources, span } = place(marked);
  const lines = render([error(CODE, 'm', span)], sources, width);
  return [lines[3] ?? '', lines[4] ?? ''].map((line) => line.replace(/^ *\d* \| ?/, ''));
}

describe('renderDiagnostics', () => {
  it('shows code, place, the underlined line, notes with their own excerpt, and help', () => {
    const { sources, span } = place('group web = vms\n\n\n\n\n\n\n\n\nallow a: [[wbe]] -> db on postgres\n');
    const first = { file: 'shop.seg', start: 6, end: 9 };
    const found = error(CODE, 'there is no group `wbe`', span, {
      notes: [
        { message: 'a group of a similar name is here', span: first },
        { message: 'names are case-sensitive', span: null },
      ],
      help: 'did you mean `web`?\nor declare it',
    });
    expect(render([found], sources)).toEqual([
      'error[workspace/more-diagnostics]: there is no group `wbe`',
      '  --> shop.seg:10:10',
      '   |',
      '10 | allow a: wbe -> db on postgres',
      '   |          ^^^',
      'note: a group of a similar name is here',
      '  --> shop.seg:1:7',
      '   |',
      ' 1 | group web = vms',
      '   |       ^^^',
      'note: names are case-sensitive',
      'help: did you mean `web`?',
      '      or declare it',
      '',
    ]);
  });

  it('puts a blank line between two, and prints nothing for none', () => {
    const two = [warning(CODE, 'one', null), note(CODE, 'two', null)];
    expect(renderDiagnostics(two, new Map(), { color: false })).toBe(
      'warning[workspace/more-diagnostics]: one\n\nnote[workspace/more-diagnostics]: two\n',
    );
    expect(renderDiagnostics([], new Map(), { color: false })).toBe('');
  });

  it('names the file alone when its text is not at hand', () => {
    const span = { file: 'gone.yaml', start: 3, end: 5 };
    expect(render([error(CODE, 'm', span)], new Map())).toEqual([
      'error[workspace/more-diagnostics]: m',
      ' --> gone.yaml',
      '',
    ]);
  });

  it('colours only when asked to, and resets every colour', () => {
    const { sources, span } = place('[[x]]');
    const colored = renderDiagnostics([error(CODE, 'm', span, { help: 'h' })], sources, { color: true });
    expect(colored).toContain('\u001b[1;31merror[workspace/more-diagnostics]\u001b[0m');
    for (const line of colored.split('\n')) {
      const styles = line.match(STYLE) ?? [];
      expect(styles.filter((s) => s === '\u001b[0m')).toHaveLength(styles.length / 2);
    }
    const plain = renderDiagnostics([error(CODE, 'm', span, { help: 'h' })], sources, { color: false });
    expect(colored.replaceAll(STYLE, '')).toBe(plain);
    expect(plain).not.toContain('\u001b');
  });
});

describe('an excerpt', () => {
  it.each([
    ['underlines an empty span as one place', 'allow[[]] a', 'allow a', '     ^'],
    ['underlines the end of the file', 'group a =[[]]', 'group a =', '         ^'],
    ['underlines the first line of several', 'a [[b\nc]] d', 'a b', '  ^'],
    ['underlines a line end behind the text', 'abc[[\n]]d', 'abc', '   ^'],
    ['shows a tab as two blanks', '\t[[web]]\tx', '  web  x', '  ^^^'],
    ['underlines wide characters to their width', '"日本" [["名前"]]', '"日本" "名前"', '       ^^^^^^'],
    ['gives combining marks no column', 'e\u0301 [[x]]', 'e\u0301 x', '  ^'],
    ['counts an emoji as two columns', '🔥 [[x🔥]]', '🔥 x🔥', '   ^^^'],
    ['shows an escape sequence by number', '\u001b[2J [[x]]', '<U+001B>[2J x', '            ^'],
    ['shows a bidirectional control by number', 'a\u202eb [[x]]', 'a<U+202E>b x', '           ^'],
    ['shows a lone surrogate by number', '\ud800 [[x]]', '<U+D800> x', '         ^'],
    ['does not print the CR of a line end', '[[a]]\r\nb', 'a', '^'],
  ])('%s', (_, marked, line, underline) => {
    expect(excerpt(marked)).toEqual([line, underline]);
  });

  it('shows nothing of an empty line but the place', () => {
    expect(excerpt('a\n[[]]\nb')).toEqual(['', '^']);
  });

  it('cuts a long line to a window around the place', () => {
    const [line = '', underline = ''] = excerpt(`${'a'.repeat(300)}[[BAD]]${'z'.repeat(300)}`, 60);
    expect(line).toMatch(/^…a+BADz+…$/);
    expect(line.length).toBeLessThanOrEqual(60 - 4);
    expect(line.slice(underline.indexOf('^'), underline.length)).toBe('BAD');
    expect(line.indexOf('BAD')).toBeLessThan(line.length / 2);
  });

  it('uses the room of a line that ends soon for what comes before', () => {
    const [line = '', underline = ''] = excerpt(`${'a'.repeat(300)}[[BAD]]`, 60);
    expect(line).toMatch(/^…a+BAD$/);
    expect(line.length).toBeGreaterThan(50);
    expect(underline.trim()).toBe('^^^');
  });

  it('shows a line that just fits in full', () => {
    const text = 'x'.repeat(56);
    expect(excerpt(`[[${text}]]`, 60)[0]).toBe(text);
    expect(excerpt(`[[${text}x]]`, 60)[0]).toMatch(/^x+…$/);
  });

  it('stays small on a line of megabytes, in a message too', () => {
    const huge = 'x'.repeat(5_000_000);
    const { sources, span } = place(`${huge}[[${huge}]]${huge}`);
    const lines = render([error(CODE, `no \`${huge}\``, span, { help: huge })], sources, 80);
    expect(lines.join('\n').length).toBeLessThan(3000);
    expect(lines[4]).toMatch(/^ {2}\| +\^+$/);
  });

  it('keeps an attack in a message or a file name from reaching the terminal', () => {
    const attack = 'a\u001b]0;title\u0007\r\nb';
    const source = makeSource(attack, 'x');
    const found = error(CODE, attack, { file: attack, start: 0, end: 1 }, { help: attack });
    const text = renderDiagnostics([found], new Map([[attack, source]]), { color: false });
    expect([...text].filter((c) => c !== '\n' && c < ' ')).toEqual([]);
    expect(text).toContain('<U+001B>]0;title<U+0007><U+000D><U+000A>b');
  });
});
