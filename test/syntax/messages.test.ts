// Mistakes: what is underlined, what the message says, what it proposes; and that one does not hide another.
import { describe, expect, it } from 'vitest';
import { parseFlowText, parsePolicyFile } from '../../src/syntax/parse.ts';
import { diagnose, show } from './read.ts';

/** A mistake in one rule of a policy; the rule stands alone in it. */
const inRule = (rule: string) => diagnose(`policy p in t {\n  ${rule}\n}`);

describe('what was expected', () => {
  it.each([
    ['alow x: a -> b', 'alow', 'expected a rule or an option, found `alow`', 'did you mean `allow`?'],
    ['permit x: a -> b', 'permit', 'expected a rule or an option, found `permit`', 'write `allow`'],
    ['deny x: a -> b', 'deny', 'expected a rule or an option, found `deny`', 'write `drop`'],
    ['allow x a -> b', 'a', 'expected `:`, found `a`', null],
    ['allow x: a b', 'b', 'expected `->` or an operator, found `b`', null],
    ['allow x: a ->', '', 'expected a peer, found the end of the line', null],
    ['allow x: a -> b on', '', 'expected a service, found the end of the line', null],
    ['allow x: a -> b on tcp/http', 'http', 'expected a number or a quoted name, found `http`', 'write `"http"`'],
    ['allow x: a -> b untill 2027-01-31', 'untill', 'expected', 'did you mean `until`?'],
    ['allow x: a -> b until tomorrow', 'tomorrow', 'expected a date such as 2027-01-31, found `tomorrow`', null],
    ['allow x: 10.0.0 -> b', '10', 'expected a peer, found `10`', 'an IPv4 address has four numbers'],
    [
      'allow x: a -> log',
      'log',
      'expected a peer, found `log`',
      '`log` is a word of the language; write `"log"` if it is a name',
    ],
    ['allow x: a -> (vms where tier = web)', '=', 'expected a comparison such as `==`, found `=`', 'write `==`'],
    ['allow x: a -> (vms where)', ')', 'expected a condition, found `)`', null],
    ['allow x: a -> (vms where tier == 1.2)', '.', 'expected', 'a name or value with such characters in it is quoted'],
  ])('%s', (rule, under, message, help) => {
    const found = inRule(rule);
    expect(found.length).toBe(1);
    expect(found[0]).toMatchObject({ code: 'unexpected', under, help });
    expect(found[0]?.message.startsWith(message)).toBe(true);
  });

  it.each([
    ['languge 1', 'languge', 'expected a statement, found `languge`', 'did you mean `language`?'],
    ['group web', '', 'expected `=`, found the end of the file', null],
    ['group web\ngroup db = x', '', 'expected `=`, found the end of the line', null],
    ['group web == x', '==', 'expected `=`, found `==`', 'write `=`'],
    ['import a.b', '', 'expected `.` or `{`, found the end of the file', null],
    ['label a in { }', '}', 'expected a name, found `}`', null],
    [
      'test t { alow a -> b }',
      'alow',
      'expected a line of a test such as `allow` or `deny`, found `alow`',
      'did you mean `allow`?',
    ],
    ['invariant i { nevr a -> b }', 'nevr', 'expected', 'did you mean `never`?'],
    ['vm v { labels app= }', '}', 'expected a name, found `}`', null],
    ['vm v { port http 80 }', '80', 'expected `tcp`, `udp` or `sctp`, found `80`', null],
    ['budget b { reach of a <= many }', 'many', 'expected a number, found `many`', null],
    ['scenario s { at 5s { } }', '5s', 'expected a time such as +90s or a date such as 2027-01-31, found `5s`', null],
    ['move a esx', 'esx', 'expected `to`, found `esx`', null],
  ])('%s', (text, under, message, help) => {
    const found = diagnose(text);
    expect(found.length).toBe(1);
    expect(found[0]).toMatchObject({ code: 'unexpected', under, help });
    expect(found[0]?.message.startsWith(message)).toBe(true);
  });

  it('is said of a question on the command line as well', () => {
    const text = 'web => db';
    expect(show(text, parseFlowText({ name: 'flow', text }).diagnostics)).toMatchObject([
      { code: 'unexpected-character', under: '=>', help: 'write `->` between source and destination' },
    ]);
  });
});

describe('what can be read in two ways', () => {
  it.each([
    [
      'group g = a or b and c',
      'mixed-operators',
      'a or b and c',
      '`or` and `and` are mixed without parentheses',
      'write `(a or b) and c`\nor `a or (b and c)`',
    ],
    [
      'group g = a or b except c',
      'mixed-operators',
      'a or b except c',
      '`or` and `except` are mixed without parentheses',
      'write `(a or b) except c`\nor `a or (b except c)`',
    ],
    [
      'group g = a, b except c',
      'mixed-operators',
      'a, b except c',
      '`,` and `except` are mixed without parentheses',
      'write `(a, b) except c`\nor `a, (b except c)`',
    ],
    [
      'group g = a except b except c',
      'mixed-operators',
      'a except b except c',
      '`except` stands twice without parentheses',
      'write `(a except b) except c`\nor `a except (b except c)`',
    ],
    [
      'group g = vms where a == 1 and b == 2 and c == 3 or d == 4',
      'mixed-operators',
      'a == 1 and b == 2 and c == 3 or d == 4',
      '`and` and `or` are mixed without parentheses',
      'write `(a == 1 and b == 2 and c == 3) or d == 4`\nor `a == 1 and b == 2 and (c == 3 or d == 4)`',
    ],
    [
      'group g = a and b or c except d',
      'mixed-operators',
      'a and b or c except d',
      '`and`, `or` and `except` are mixed without parentheses',
      'write `((a and b) or c) except d`\nor `a and (b or (c except d))`',
    ],
    [
      'service s = any except tcp/22, tcp/23',
      'mixed-operators',
      'any except tcp/22, tcp/23',
      '`except` and `,` are mixed without parentheses',
      'write `(any except tcp/22), tcp/23`\nor `any except (tcp/22, tcp/23)`',
    ],
    [
      'group g = vms where a == b, c',
      'open-condition',
      'vms where a == b, c',
      'a condition that is joined with another peer is put in parentheses',
      'write `(vms where a == b), c`',
    ],
  ])('%s', (text, code, under, message, help) => {
    expect(diagnose(text)).toEqual([{ code, under, message, help }]);
  });

  it('is not what parentheses make clear, nor an operator that stands often', () => {
    expect(
      diagnose('group g = (a or b, c) and (d except e)\ngroup h = (vms where x == y or z == y) or (pods)'),
    ).toEqual([]);
    expect(diagnose('addresses a = 10.0.0.1, 10.0.0.2 except 10.0.0.3, 10.0.0.4')).toEqual([]);
  });
});

describe('characters', () => {
  it.each([
    ['group a = b && c', '&&', 'unexpected `&&`', 'write `and`'],
    ['group a = b || c', '||', 'unexpected `||`', 'write `or`, or `,` between services'],
    ['group a = vms where !x', '!', 'unexpected `!`', 'write `not`, or `!=` between a key and a value'],
    ['never a → b', '→', 'unexpected `→`', 'write `->` between source and destination'],
    ['group a = ‘b’', '‘', 'unexpected `‘`', 'names are quoted with `"`'],
    ['group a = x@y', '@', 'unexpected `@`', 'a name with such a character in it is written in double quotes'],
    ['group a\u00a0= x', '\u00a0', 'unexpected U+00A0', 'this blank is not a space; type it again'],
    ['label a in [b]', '[', 'unexpected `[`', 'groups of peers are written in `( )`, lists of values in `{ }`'],
    ['# a comment', '#', 'comments do not start with `#`', 'start it with `//`'],
    ['/* a comment */', '/*', 'comments do not start with `/*`', 'start each line of a comment with `//`'],
  ])('%s', (text, under, message, help) => {
    expect(diagnose(text)[0]).toEqual({ code: 'unexpected-character', under, message, help });
  });

  it.each([
    ['bidirectional-control', 'label a // \u202e', '\u202e', 'U+202E changes the direction of the text around it'],
    ['bidirectional-control', 'label "a\u2066b"', '\u2066', 'U+2066 changes the direction of the text around it'],
    ['control-character', 'label a\u0007', '\u0007', 'U+0007 is a character that cannot be seen'],
    ['control-character', '// \u001b[31m', '\u001b', 'U+001B is a character that cannot be seen'],
    ['control-character', 'label a\u200bb', '\u200b', 'U+200B is a character that cannot be seen'],
    ['invalid-utf8', 'label caf\ufffd', '\ufffd', 'this is not valid UTF-8'],
    ['invalid-utf8', 'label "\ud800"', '\ud800', 'this is not valid UTF-8'],
    ['mixed-script', 'group pаy = x', 'pаy', '`pаy` mixes Latin and Cyrillic letters'],
    ['mixed-script', 'label "in ωeb words"', 'ωeb', '`ωeb` mixes Latin and Greek letters'],
    ['not-normalised', 'label cafe\u0301', 'cafe\u0301', '`cafe\u0301` is spelt with combining characters'],
    ['invalid-escape', 'label "a\\qb"', '\\q', '`\\q` stands for no character'],
    ['invalid-escape', 'label "\\u{d800}"', '\\u{d800}', '`\\u{d800}` stands for no character'],
    ['unclosed-quote', 'label "abc\nlabel b', '"abc', 'this quoted name does not end on its line'],
  ])('%s: %j', (code, text, under, message) => {
    expect(diagnose(text)).toMatchObject([{ code, under, message }]);
  });
});

describe('brackets', () => {
  it('that are never closed are shown where they open', () => {
    expect(diagnose('policy p in t {\n  allow x: (a or b -> c\n  allow y: a -> b\n}')).toMatchObject([
      { code: 'unclosed-bracket', under: '(', message: 'this `(` is never closed' },
    ]);
    expect(diagnose('policy p in t {\n  allow y: a -> b\n')).toMatchObject([{ code: 'unclosed-bracket', under: '{' }]);
  });

  it('that close nothing are shown', () => {
    expect(diagnose('group a = b)\n}')).toMatchObject([
      { code: 'unmatched-bracket', under: ')' },
      { code: 'unmatched-bracket', under: '}' },
    ]);
  });

  it('that are missing do not hide the next statement', () => {
    const text = 'policy p in t {\n  allow x: a -> b\n\npolicy q in t {\n  alow y: a -> b\n}\n';
    expect(diagnose(text)).toMatchObject([{ code: 'unclosed-bracket' }, { code: 'unexpected', under: 'alow' }]);
    const { tree } = parsePolicyFile({ name: 'x.seg', text });
    expect(tree.statements.map((s) => s.body.kind)).toEqual(['policy', 'policy']);
  });
});

describe('several mistakes', () => {
  const text = `group a = = b
policy p in t {
  allow one: a -> b
  allow two a -> b
  allow three: a ->
  allow four: a -> b on
  allow five: a -> b
  owner "x"
}
vm v { nic n; labels }
label c in { d }
`;

  it('are all reported in one run, in the order of the text', () => {
    expect(diagnose(text).map(({ under, message }) => [under, message])).toEqual([
      ['=', 'expected a peer, found `=`'],
      ['a', 'expected `:`, found `a`'],
      ['', 'expected a peer, found the end of the line'],
      ['', 'expected a service, found the end of the line'],
      ['}', 'expected `,` or a label such as app=shop, found `}`'],
    ]);
  });

  it('leave what is right around them', () => {
    const { tree, diagnostics } = parsePolicyFile({ name: 'x.seg', text: text });
    expect(diagnostics.length).toBe(5);
    expect(tree.statements.map((statement) => statement.body.kind)).toEqual(['policy', 'world', 'label']);
    const [policy, vm] = tree.statements;
    expect(policy?.body).toMatchObject({ rules: [{ name: { text: 'one' } }, { name: { text: 'five' } }] });
    expect(vm?.body).toMatchObject({ node: { properties: [{ name: { text: 'nic' } }] } });
  });

  it('are reported up to a bound', () => {
    const found = diagnose('permit ip any any\n'.repeat(70));
    expect(found.length).toBe(51);
    expect(found.at(-1)).toMatchObject({
      code: 'too-many-errors',
      message: 'the rest of the file is not read after 50 errors',
    });
  });
});
