import { expect, test } from 'vitest';
import { hasBit } from '../../src/base/bitset.ts';
import { createAddressIndex, nodeInAddresses } from '../../src/graph/address-index.ts';
import { buildUniverse } from '../../src/graph/universe.ts';
import { unionAllAddresses } from '../../src/net/address-set.ts';
import { addressSet, any, host, layer, policy, rule, vm } from '../kit/layers.ts';

/** A list of addresses, ranges and prefixes. */
const listed = (text: string) => unionAllAddresses(text.split(', ').map(addressSet));

const sets = [
  '10.0.0.4',
  '10.0.0.4-10.0.0.6',
  '10.0.0.1, 10.0.0.5-10.0.0.20',
  'fd00::/64, 10.0.0.250-10.0.1.2',
  '192.0.2.0/24',
  '0.0.0.0/0',
  '0.0.0.0/0, ::/0',
];

const { universe } = buildUniverse([
  layer({
    workloads: [
      ...[9, 1, 6, 5, 3, 251].map((last) => vm(`vm-${last}`, [`10.0.0.${last}`, `fd00::${last}`])),
      vm('twin', ['10.0.0.5', 'fd00:0:0:1::1']),
      vm('unknown'),
    ],
    hosts: [host('host', ['10.0.1.1'])],
    // The sets are in use: external addresses are cut at their borders.
    policies: [
      policy(
        'p',
        sets.map((set, i) =>
          rule(`r${i}`, 'allow', { kind: 'addresses', addresses: listed(set), name: null, span: null }, any),
        ),
      ),
    ],
  }),
]);

test.each(sets)('the nodes in %s are those that are in it one by one', (text) => {
  const set = listed(text);
  const { sure, possible } = createAddressIndex(universe)(set);
  const expected = universe.nodes.map((node) => nodeInAddresses(node, set));
  const found = expected.map((_, i) => (hasBit(sure, i) ? 'yes' : hasBit(possible, i) ? 'maybe' : 'no'));
  expect(found).toEqual(expected);
  expect(new Set(expected).size).toBeGreaterThan(text === '0.0.0.0/0, ::/0' ? 0 : 1);
});

test('an equal set is not looked for again', () => {
  const find = createAddressIndex(universe);
  expect(find(addressSet('10.0.0.4-10.0.0.6'))).toBe(find(listed('10.0.0.4, 10.0.0.5-10.0.0.6')));
});

test('where every address is known nothing is in doubt', () => {
  const { sure, possible } = createAddressIndex(
    buildUniverse([layer({ workloads: [vm('a', ['10.0.0.4'])] })]).universe,
  )(addressSet('10.0.0.0/24'));
  expect(sure).toBe(possible);
});
