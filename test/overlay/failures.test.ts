// What has failed after changes, in their order.
import { expect, it } from 'vitest';
import type { Change } from '../../src/model/change.ts';
import { failuresAfter } from '../../src/overlay/fabric/failures.ts';

const place = (kind: 'fail' | 'restore', what: 'host' | 'site' | 'router', id: string): Change => ({
  kind,
  what,
  id,
  span: null,
});
const tunnel = (kind: 'cut' | 'join', from: string, to: string): Change => ({ kind, from, to, span: null });
const listed = (changes: readonly Change[]): readonly (readonly string[])[] => {
  const { hosts, sites, routers, tunnels } = failuresAfter(changes);
  return [hosts, sites, routers, tunnels].map((set) => [...set]);
};

it('what fails stays so until it is restored, each kind of thing by itself', () => {
  const changes = [place('fail', 'host', 'a'), place('fail', 'site', 'a'), place('fail', 'router', 'b')];
  expect(listed(changes)).toEqual([['a'], ['a'], ['b'], []]);
  expect(listed([...changes, place('restore', 'host', 'a')])).toEqual([[], ['a'], ['b'], []]);
});

it('a tunnel is cut whichever end is named first, and joined again', () => {
  expect(listed([tunnel('cut', 'west', 'east')])).toEqual([[], [], [], ['east <-> west']]);
  expect(listed([tunnel('cut', 'west', 'east'), tunnel('join', 'east', 'west')])).toEqual([[], [], [], []]);
});
