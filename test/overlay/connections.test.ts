// What a point remembers of connections: the states of TCP by its flags, how long each lasts, and that a large table
// answers as a small one does.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConnectionTable, createConnections, type Session } from '../../src/overlay/packet/connections.ts';
import type { Header, TcpFlags } from '../../src/overlay/packet/packet.ts';
import { DFW_TIMERS, EDGE_TIMERS, secondsIn, stateAfter } from '../../src/overlay/packet/states.ts';
import { fabricOf, walkOf } from './fabric-of.ts';
import { TWO_SITES } from './two-sites.ts';

const SEED = 20261122;
const HEADER: Header = {
  family: 4,
  source: { family: 4, value: 1 },
  destination: { family: 4, value: 2 },
  protocol: 6,
  sourcePort: 49152,
  destinationPort: 443,
  ttl: 64,
};

describe('the states of a TCP connection', () => {
  const follow = (...packets: readonly (readonly ['forward' | 'back', TcpFlags])[]) =>
    packets.reduce<ReturnType<typeof stateAfter> | null>(
      (state, [way, flags]) => stateAfter(state, HEADER, flags, way),
      null,
    );
  const open = [
    ['forward', 'syn'],
    ['back', 'syn-ack'],
    ['forward', 'ack'],
  ] as const;

  it.each([
    ['first', open.slice(0, 1), 120, 120],
    ['opening', open.slice(0, 2), 30, 30],
    ['established', open, 43200, 7200],
    ['closing', [...open, ['forward', 'fin']], 120, 120],
    ['closing', [...open, ['forward', 'fin'], ['back', 'ack'], ['forward', 'fin']], 120, 120],
    ['closing-back', [...open, ['back', 'fin'], ['forward', 'ack']], 120, 120],
    ['fin-wait', [...open, ['forward', 'fin'], ['back', 'fin'], ['forward', 'ack']], 45, 45],
    ['closed', [...open, ['back', 'rst'], ['forward', 'ack']], 20, 20],
    ['first', [...open, ['back', 'rst'], ['forward', 'syn']], 120, 120],
  ] as const)('%s, after %j: %d s at an interface, %d s at an edge', (state, packets, dfw, edge) => {
    expect(follow(...packets)).toBe(state);
    expect([secondsIn(state, 6, DFW_TIMERS), secondsIn(state, 6, EDGE_TIMERS)]).toEqual([dfw, edge]);
  });
});

describe('a connection that is walked', () => {
  const { fabric } = fabricOf(TWO_SITES);
  const noteOf = (connections: ConnectionTable, flags: TcpFlags, now: number) =>
    walkOf(fabric, 'web-1 -> web-2 tcp/443', { connections, flags, now }).steps.find(({ stage }) => stage === 'dfw-out')
      ?.note;

  it('closes with a FIN each way, and a new first packet on its ports is judged by the rules', () => {
    const connections = createConnections();
    expect(noteOf(connections, 'syn', 0)).toBeNull();
    expect(noteOf(connections, 'ack', 1)).toBe('part of a connection (established)');
    expect(noteOf(connections, 'fin', 2)).toBe('part of a connection (closing)');
    expect(noteOf(connections, 'ack', 3)).toBe('part of a connection (fin-wait)');
    expect(noteOf(connections, 'syn', 4)).toBeNull();
  });

  it('is forgotten half a minute after an answer that nobody confirms', () => {
    const connections = createConnections();
    noteOf(connections, 'syn', 0);
    expect(connections.all().map(({ state }) => state)).toEqual(['opening', 'opening']);
    expect(noteOf(connections, 'syn', 29)).toBe('part of a connection (opening)');
    expect(noteOf(connections, 'syn', 60)).toBeNull();
  });
});

describe('a table of connections', () => {
  const protocols = [6, 17, 1, 47];
  const header = fc.record({
    protocol: fc.constantFrom(...protocols),
    source: fc.nat(1),
    destination: fc.nat(1),
    sourcePort: fc.constantFrom(8, 0),
    destinationPort: fc.constantFrom(8, 0),
  });
  const headerOf = (drawn: typeof header extends fc.Arbitrary<infer T> ? T : never): Header => ({
    family: 4,
    source: { family: 4, value: drawn.source },
    destination: { family: 4, value: drawn.destination },
    protocol: drawn.protocol,
    sourcePort: drawn.protocol === 1 ? 0 : drawn.sourcePort,
    destinationPort: drawn.destinationPort,
    ttl: 64,
  });
  const sessionAt = (point: string, of: Header): Session => ({
    kind: 'dfw',
    point,
    header: of,
    translated: null,
    rule: null,
    state: 'first',
    expires: 100,
  });

  it('finds the same whether it is small or large', () => {
    let hits = 0;
    fc.assert(
      fc.property(fc.array(header, { minLength: 1, maxLength: 6 }), header, (made, asked) => {
        const small = createConnections();
        const large = createConnections();
        for (let i = 0; i < 40; i++) large.add(sessionAt('elsewhere', { ...HEADER, sourcePort: i }));
        for (const each of made) for (const table of [small, large]) table.add(sessionAt('here', headerOf(each)));
        const find = (table: ConnectionTable, now: number) => table.find('dfw', 'here', headerOf(asked), now) !== null;
        if (find(small, 0)) hits++;
        expect(find(large, 0)).toBe(find(small, 0));
        expect([find(small, 100), find(large, 100)]).toEqual([false, false]);
        expect(large.all().length - 40).toBe(small.all().length);
      }),
      { seed: SEED, numRuns: 300 },
    );
    expect(hits).toBeGreaterThan(30);
  });
});
