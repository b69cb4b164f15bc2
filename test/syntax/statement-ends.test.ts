// Where statements end: with the line or a `;`, except where the line plainly goes on.
import { describe, expect, it } from 'vitest';
import { splitLines } from '../../src/syntax/lexical/lines.ts';
import { startReports } from '../../src/syntax/lexical/reports.ts';
import { scan } from '../../src/syntax/lexical/scan.ts';
import { read } from './read.ts';

/** The statements of a text, each as its tokens with one blank between them. */
function statements(text: string): readonly string[] {
  const tokens = scan({ name: 'x.seg', text }, startReports('x.seg'));
  if (tokens === null) throw new Error('refused');
  return splitLines(tokens, { from: 0, to: tokens.units.length }).map(({ from, to }) => {
    const parts: string[] = [];
    for (let i = from; i < to; i++) parts.push(text.slice(tokens.starts[i], tokens.ends[i]));
    return parts.join(' ');
  });
}

describe('a statement ends', () => {
  it.each([
    ['with its line', 'label a\nlabel b', ['label a', 'label b']],
    ['with CRLF', 'label a\r\nlabel b\r\n', ['label a', 'label b']],
    ['with a lone CR', 'label a\rlabel b', ['label a', 'label b']],
    ['with a semicolon', 'label a; label b;', ['label a', 'label b']],
    ['once at blank lines and comments', 'label a // x\n\n// y\n;\n\nlabel b', ['label a', 'label b']],
    ['after a byte order mark', '\uFEFFlabel a\nlabel b', ['label a', 'label b']],
    ['behind a block', 'tiers { a; b }\nlabel b', ['tiers { a ; b }', 'label b']],
    [
      'behind a value that looks like an operator',
      'group a = vms where x == and\nlabel b',
      ['group a = vms where x == and', 'label b'],
    ],
  ])('%s', (_, text, expected) => {
    expect(statements(text)).toEqual(expected);
  });
});

describe('a statement goes on', () => {
  it.each([
    ['inside parentheses', 'group a = (b\nor c\n\n)', ['group a = ( b or c )']],
    ['inside the braces of a list', 'label a in {\n b,\n c\n}', ['label a in { b , c }']],
    ['after an operator', 'group a =\nb or\nc', ['group a = b or c']],
    ['after a comma', 'internal 10.0.0.0/8,\n// why\n192.168.0.0/16', ['internal 10.0.0.0/8 , 192.168.0.0/16']],
    ['after `where`', 'group a = vms where\nx == y', ['group a = vms where x == y']],
    ['before an operator', 'group a = b\n  or c\n  except d', ['group a = b or c except d']],
    ['before an arrow and `on`', 'never a\n-> b\non tcp', ['never a → b on tcp'.replace('→', '->')]],
    [
      'before the word of an option',
      'allow x: a -> b\n  log\n  until 2027-01-01',
      ['allow x : a -> b log until 2027-01-01'],
    ],
    ['before a brace', 'policy a in b\n{\n}', ['policy a in b { }']],
    [
      'before `in namespaces`',
      'group a = pods\n in namespaces where x == y',
      ['group a = pods in namespaces where x == y'],
    ],
    ['before one more label', 'set a labels b=c\n  d=e', ['set a labels b = c d = e']],
  ])('%s', (_, text, expected) => {
    expect(statements(text)).toEqual(expected);
  });
});

it('takes `log` at the start of a line for a rule when a rule follows, and for an option otherwise', () => {
  const [statement] = read(
    'policy p in t {\n log\n log a: b -> c\n log\n log in in: b -> c\n allow log: b -> c\n}',
  ).statements;
  expect(statement?.body).toMatchObject({
    kind: 'policy',
    options: [{ kind: 'log' }],
    rules: [
      { action: 'log', name: { text: 'a' }, options: [{ kind: 'log' }] },
      { action: 'log', direction: 'in', name: { text: 'in' }, options: [] },
      { action: 'allow', name: { text: 'log' }, options: [] },
    ],
  });
});

it('keeps properties apart without line ends, and together with one more label', () => {
  const [statement] = read('vm a on b { nic c 10.0.0.1  labels d=e\n f=g owner H i }').statements;
  expect(statement?.body).toMatchObject({
    kind: 'world',
    node: { properties: [{ name: { text: 'nic' } }, { labels: [{}, {}] }, { name: { text: 'owner' } }] },
  });
});
