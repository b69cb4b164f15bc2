// Megabytes of what nobody would write: binding stays quick, and says what is wrong.

import { describe, expect, it } from 'vitest';
import { bindRoot } from '../../src/bind/bind.ts';
import { parsePolicyFile } from '../../src/syntax/parse.ts';
import { makeSource } from '../../src/text/source.ts';

const COUNT = 4_000;
const repeat = (line: (i: number) => string, count = COUNT): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

describe.each([
  ['unknown groups', repeat((i) => `group g${i} = missing-${i}`), 'check/unknown-group'],
  ['unknown services', repeat((i) => `service s${i} = missing-${i}`), 'check/unknown-service'],
  ['one name again and again', repeat(() => 'group g = any'), 'check/duplicate-name'],
  [
    'groups that all name each other',
    repeat((i) => `group g${i} = g${(i * 7 + 1) % COUNT} or g${(i * 3 + 2) % COUNT}`),
    'check/definition-cycle',
  ],
  ['unknown labels', `label a\n${repeat((i) => `group g${i} = vms where key-${i} == x`)}`, 'check/unknown-label-key'],
  [
    'unknown values of a large label',
    `label a in { ${repeat((i) => `v${i}`).replaceAll('\n', ', ')} }\n${repeat((i) => `group g${i} = vms where a == w${i}`)}`,
    'check/unknown-label-value',
  ],
  [
    'unknown tiers beside many',
    `tiers { ${repeat((i) => `t${i} default drop`)} }\n${repeat((i) => `policy p${i} in x${i} {}`)}`,
    'check/unknown-tier',
  ],
  [
    'unknown rules',
    `policy p in application {\n${repeat((i) => `allow r${i}: any -> any`)}\n}\ntest "t" {\n${repeat((i) => `deny vms -> vms by x${i}`)}\n}`,
    'check/unknown-rule',
  ],
  [
    'workloads of one test',
    `test "t" {\n${repeat((i) => `given vm w${i} {}`)}\n${repeat((i) => `deny w${i} -> w0`)}\n given vm w0 {}\n}`,
    'world/duplicate-id',
  ],
  [
    'steps that each make something',
    `vm w {}\nscenario "s" {\n${repeat((i) => `at +${i}s { clone w as w${i} }`, 1500)}\n at +1d { clone w as w0 }\n}`,
    'world/duplicate-id',
  ],
  ['workloads of one id', repeat(() => 'vm w { nic 10.0.0.1 }'), 'world/duplicate-id'],
  [
    'interfaces with the addresses of another',
    `vm a { nic ${repeat((i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).replaceAll('\n', ', ')} }\nvm b { nic ${repeat((i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`).replaceAll('\n', ', ')} }`,
    'world/duplicate-address',
  ],
  [
    'properties of one block',
    `vm a {\n${repeat((i) => `nic 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)}\n${repeat(() => 'os linux')}\n}`,
    'world/duplicate-property',
  ],
  ['unknown properties', `segment s {\n${repeat((i) => `x${i} 1`)}\n}`, 'world/unknown-property'],
  ['unknown hosts', repeat((i) => `vm w${i} on h${i} {}`), 'world/unknown-reference'],
])('%s', (_, text, code) => {
  it('are reported', () => {
    const { tree, diagnostics } = parsePolicyFile(makeSource('hostile', text));
    expect(diagnostics).toEqual([]);
    const found = bindRoot([tree], { name: 'root' }).diagnostics;
    expect(found.map((d) => d.code)).toContain(code);
  });
});
