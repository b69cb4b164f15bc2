// The usual form of files: what `fmt` makes of what people write.
import { describe, expect, it } from 'vitest';
import { parseChangeText, parseFlowText, parsePeerText, parseServiceText } from '../../src/syntax/parse.ts';
import { printChangeText, printFlowText, printPeerText, printServiceText, printTree } from '../../src/syntax/print.ts';
import type { Name, RuleNode, Statement, Tree } from '../../src/syntax/tree.ts';
import { format, read } from './read.ts';

const span = { file: '', start: 0, end: 0 };
const name = (text: string): Name => ({ kind: 'name', text, quoted: false, span });

describe('fmt', () => {
  it('writes one blank where one is enough, and LF line ends', () => {
    expect(format('\uFEFFlanguage   1\r\nlabel\ttier   in {web,api}\r\n\r\n\r\n\r\nlabel x\r\n')).toBe(
      'language 1\nlabel tier in { web, api }\n\nlabel x\n',
    );
  });

  it('makes nothing of nothing', () => {
    expect(format('')).toBe('');
    expect(format('\n\n  \n')).toBe('');
  });

  it('puts what neighbours share in columns, up to a blank line or a comment', () => {
    expect(format('group a = x\ngroup bcd = y\n\ngroup ef = z\n// c\ngroup ghi = z\nservice s=tcp')).toBe(
      'group a   = x\ngroup bcd = y\n\ngroup ef = z\n// c\ngroup ghi = z\nservice s = tcp\n',
    );
  });

  it('puts rules in columns, but for one that would tear the others apart', () => {
    const text = `policy p in t {
allow a: x -> y
reject in longer: x -> y on tcp/1 log
pass to application b: x -> y

drop c: x -> y
}`;
    expect(format(text)).toBe(`policy p in t {
  allow     a:      x -> y
  reject in longer: x -> y on tcp/1  log
  pass to application b: x -> y

  drop c: x -> y
}
`);
  });

  it('puts assertions of a test in columns', () => {
    expect(format('test t { allow a -> b on tcp by r\n deny some abc -> b by s.r in\n\n drop a -> b }')).toBe(`test t {
  allow     a   -> b on tcp  by r
  deny some abc -> b         by s.r in

  drop a -> b
}
`);
  });

  it('sets policies and tests apart with blank lines', () => {
    expect(format('label a\npolicy p in t {}\ntest t {}\nlabel b')).toBe(
      'label a\n\npolicy p in t {}\n\ntest t {}\n\nlabel b\n',
    );
  });

  it('puts the owner, ticket and reason of a policy on a line of their own', () => {
    expect(format('policy p in t owner ana priority 3 {\nticket "N"\nlog\nallow r: a -> b\n}')).toBe(
      'policy p in t priority 3 log {\n  owner ana  ticket "N"\n\n  allow r: a -> b\n}\n',
    );
  });

  it('breaks long lists, a member a line', () => {
    const members = Array.from({ length: 12 }, (_, i) => `198.51.100.${i}/32`);
    expect(format(`addresses a = ${members.join(', ')} except 198.51.100.7`)).toBe(
      `addresses a =\n  ${members.join(',\n  ')}\n  except 198.51.100.7\n`,
    );
    const names = Array.from({ length: 12 }, (_, i) => `some-group-${i}`);
    expect(format(`group a = ${names.join(' or ')}`)).toBe(`group a =\n  ${names.join('\n  or ')}\n`);
    expect(format(`label a in {${names.join(',')}}`)).toBe(`label a in {\n  ${names.join(',\n  ')}\n}\n`);
  });

  it('breaks long conditions before `and`, and long rules before their parts', () => {
    expect(
      format(
        'group a = workloads where application == storefront and environment == production and tier == web or-not == x'.replace(
          ' or-not == x',
          ' and zone == demilitarised',
        ),
      ),
    ).toBe(`group a =
  workloads where application == storefront
    and environment == production
    and tier == web
    and zone == demilitarised
`);
    expect(
      format(
        'policy p in t {\nallow a-rule-with-a-long-name: source-of-the-flow -> destination-of-the-flow on some-service log reason "because it is long"\n}',
      ),
    ).toBe(`policy p in t {
  allow a-rule-with-a-long-name: source-of-the-flow
      -> destination-of-the-flow
      on some-service
      log
      reason "because it is long"
}
`);
  });

  it('breaks a long header of a policy, and puts the brace below it', () => {
    const options =
      'priority 100 applies to (workloads where app == shop) window "Mon-Fri 01:00-03:00 UTC" stateless strict';
    expect(format(`policy a-policy in application ${options} { }`)).toBe(`policy a-policy in application
  priority 100
  applies to (workloads where app == shop)
  window "Mon-Fri 01:00-03:00 UTC"
  stateless
  strict
{}
`);
  });

  it('puts a workload on one line if it fits, else a property a line', () => {
    expect(format('vm v on h {\n nic n 10.0.0.1\n labels a=b\n}')).toBe('vm v on h { nic n 10.0.0.1  labels a=b }\n');
    const labels = Array.from({ length: 16 }, (_, i) => `key-${i}=v`).join(' ');
    expect(format(`vm v on h { nic n 10.0.0.1 labels ${labels} }`)).toBe(
      `vm v on h {\n  nic n 10.0.0.1\n  labels ${labels.replaceAll(' ', '\n    ')}\n}\n`,
    );
  });

  it('leaves quotes where they are, and parentheses where they say something', () => {
    expect(format('group a = ("b") or ((c) and d) or "any"')).toBe('group a = "b" or (c and d) or "any"\n');
    expect(format('policy p in t { allow r: a or b -> vms where x == y }')).toBe(
      'policy p in t {\n  allow r: (a or b) -> (vms where x == y)\n}\n',
    );
  });
});

describe('comments', () => {
  it.each([
    ['above, behind and at the end', '// top\n\n// of a\nlabel a  // behind a\n//\n// last\n'],
    ['in lists', 'addresses a =\n  10.0.0.1,  // one\n  // about two\n  10.0.0.2,\n  10.0.0.3  // three\n'],
    ['in conditions', 'group a =\n  vms where a == b  // b\n    // about d\n    and c == d\n'],
    ['in unions', 'group a =\n  // about b\n  b\n  or c  // c\n'],
    [
      'in rules',
      'policy p in t {\n  // above\n  allow r: (\n        a  // a\n        or b\n      )\n      // to c\n      -> c\n      log  // why\n}\n',
    ],
    ['around blocks', 'policy p in t {  // head\n  allow r: a -> b  // rule\n  // last\n}  // end\n'],
    ['in empty blocks', 'policy p in t {  // head\n}\n\npolicy q in t {\n  // nothing yet\n}\n'],
    ['in properties', 'vm v {\n  nic n  // first\n  // second\n  labels a=b\n}\n'],
    [
      'in tests',
      'test t {\n  // one\n  allow a -> b  // two\n\n  // three\n  at 2027-01-01 { deny a -> b }  // four\n}\n',
    ],
    ['in tiers', 'tiers {\n  a  // first\n  // second\n  b default drop\n}\n'],
    ['as docs', '/// of p\npolicy p in t {\n  /// of r\n  allow r: a -> b\n}\n'],
    ['as rules across the page', '//////////////////\n// Title\n//////////////////\nlabel a\n'],
    ['with nothing in them, or blanks', '//\n//   - indented\nlabel a\n'],
  ])('%s stay where they are', (_, text) => {
    expect(format(text)).toBe(text);
  });

  it('move as little as possible where nothing of their own stands beside them', () => {
    expect(format('group a // which\n = b')).toBe('// which\ngroup a = b\n');
    expect(format('policy p in t { allow r: // one\n a -> b // two\n}')).toBe(
      'policy p in t {\n  // one\n  allow r: a -> b  // two\n}\n',
    );
  });
});

describe('trees without a text', () => {
  const rule = (text: string, more: Partial<RuleNode> = {}): RuleNode => ({
    ...{ kind: 'rule', action: 'allow', passTo: null, direction: null, name: name(text), options: [], doc: null },
    ...{ source: { kind: 'any', span }, destination: { kind: 'any', span }, service: null, comments: [], span },
    ...more,
  });
  const statement = (body: Statement['body'], more: Partial<Statement> = {}): Statement => ({
    ...{ body, doc: null, comments: [], span },
    ...more,
  });
  const tree = (...statements: Statement[]): Tree => ({ file: '', statements, comments: [], span });

  it('have blank lines between kinds of statements', () => {
    const made = tree(
      statement({ kind: 'language', version: { kind: 'number', value: 1, span } }),
      statement({ kind: 'module', path: { kind: 'path', parts: [name('m')], span } }),
      statement({ kind: 'label', key: name('a'), values: null, cardinality: null }),
      statement({ kind: 'label', key: name('b'), values: null, cardinality: null }),
      statement({ kind: 'group', name: name('g'), peer: { kind: 'any', span } }, { doc: 'from dump.json:7' }),
      statement({ kind: 'group', name: name('long'), peer: { kind: 'any', span } }),
    );
    expect(printTree(made)).toBe(
      'language 1\nmodule m\n\nlabel a\nlabel b\n\n/// from dump.json:7\ngroup g    = any\ngroup long = any\n',
    );
  });

  it('have comments and docs that cannot do harm', () => {
    const made = tree(
      statement(
        {
          kind: 'policy',
          name: name('a policy'),
          tier: name('t'),
          options: [],
          rules: [rule('r', { doc: 'x\r\nallow y: any -> any' })],
        },
        {
          comments: [
            { text: 'one\ndrop \u202e\u001b[31m', style: 'line', span },
            { text: 'head ', style: 'trailing', span },
          ],
        },
      ),
    );
    const text = printTree(made);
    expect(text).toBe(`// one drop \\u{202e}\\u{1b}[31m
policy "a policy" in t {  // head
  /// x
  /// allow y: any -> any
  allow r: any -> any
}
`);
    expect(read(text).statements.length).toBe(1);
  });

  it('have names in quotes that need them', () => {
    const odd = ['any', 'a b', '', '10', 'app.kubernetes.io/name', 'x"\n\\', '\u202e', 'pаy', 'e\u0301', 'a-', 'web'];
    const made = tree(
      ...odd.map((text) =>
        statement({
          kind: 'group',
          name: name(text),
          peer: { kind: 'reference', path: { kind: 'path', parts: [name(text)], span }, interface: null, span },
        }),
      ),
    );
    const again = read(printTree(made));
    expect(again.statements.map(({ body }) => (body.kind === 'group' ? body.name.text : null))).toEqual(odd);
    expect(printTree(made)).toContain('group web ');
    expect(printTree(made)).toContain('"p\\u{430}y"');
  });

  it('have no empty lists: what cannot be written says what it means', () => {
    const made = tree(
      statement({ kind: 'group', name: name('a'), peer: { kind: 'union', of: [], span } }),
      statement({ kind: 'group', name: name('b'), peer: { kind: 'intersect', of: [], span } }),
      statement({ kind: 'group', name: name('c'), peer: { kind: 'addresses', of: [], span } }),
      statement({ kind: 'service', name: name('d'), service: { kind: 'list', of: [], span } }),
    );
    expect(printTree(made)).toBe('group a = nothing\ngroup b = any\ngroup c = nothing\n\nservice d = any except any\n');
  });
});

describe('pieces by themselves', () => {
  it('are written on one line, however long', () => {
    const peer = `not (${Array.from({ length: 30 }, (_, i) => `group-${i}`).join(' or ')})`;
    const node = parsePeerText({ name: 'x', text: peer }).node;
    expect(node && printPeerText(node)).toBe(peer);
    const flow = parseFlowText({ name: 'x', text: 'a,b->c on tcp/1,2' }).node;
    expect(flow && printFlowText(flow)).toBe('(a or b) -> c on tcp/1,2');
    const service = parseServiceText({ name: 'x', text: 'tcp/1,udp/2' }).node;
    expect(service && printServiceText(service)).toBe('tcp/1, udp/2');
    const change = parseChangeText({ name: 'x', text: 'add to p  first :allow r:a->b' }).node;
    expect(change && printChangeText(change)).toBe('add to p first: allow r: a -> b');
  });
});
