// The instants at which windows open and close: exactly those that asking minute by minute would find.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Weekday, type Window, weekdays, windowContains } from '../../src/model/time.ts';
import { windowEdges } from '../../src/model/window-edges.ts';

const window = (days: readonly Weekday[], start: number, end: number, zone: string): Window => ({
  days,
  start,
  end,
  zone,
  text: '',
});
const say = (edges: readonly number[]): readonly string[] => edges.map((at) => new Date(at).toISOString().slice(0, 16));
const edges = (of: Window, from: string, until: string): readonly string[] =>
  say(windowEdges(of, Date.parse(from), Date.parse(until)));

describe('the edges of a window', () => {
  it('are its openings and closings, after the first instant and up to the last', () => {
    const office = window(['Mon', 'Tue'], 8 * 60, 17 * 60, 'UTC');
    // 2026-06-01 is a Monday.
    expect(edges(office, '2026-06-01T08:00Z', '2026-06-02T17:00Z')).toEqual([
      '2026-06-01T17:00',
      '2026-06-02T08:00',
      '2026-06-02T17:00',
    ]);
    expect(edges(office, '2026-06-03T00:00Z', '2026-06-07T23:59Z')).toEqual([]);
  });

  it('join where one day goes over into the next', () => {
    const nights = window(['Sat', 'Sun'], 22 * 60, 22 * 60, 'UTC');
    expect(edges(nights, '2026-06-02T00:00Z', '2026-06-10T00:00Z')).toEqual(['2026-06-06T22:00', '2026-06-08T22:00']);
  });

  it('move with the clock of the zone in spring and autumn', () => {
    const office = window(weekdays, 8 * 60, 17 * 60, 'Europe/Zurich');
    expect(edges(office, '2026-03-28T00:00Z', '2026-03-29T23:00Z')).toEqual([
      '2026-03-28T07:00',
      '2026-03-28T16:00',
      '2026-03-29T06:00',
      '2026-03-29T15:00',
    ]);
    expect(edges(office, '2026-10-24T00:00Z', '2026-10-25T23:00Z')).toEqual([
      '2026-10-24T06:00',
      '2026-10-24T15:00',
      '2026-10-25T07:00',
      '2026-10-25T16:00',
    ]);
  });

  it('lie where the clock jumps over a border', () => {
    // 02:00-03:00 does not exist on that day in Zurich: 02:30 is never shown.
    const skipped = window(weekdays, 150, 165, 'Europe/Zurich');
    expect(edges(skipped, '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toEqual([]);
    const cut = window(weekdays, 60, 150, 'Europe/Zurich');
    expect(edges(cut, '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toEqual(['2026-03-29T00:00', '2026-03-29T01:00']);
  });

  it('come twice where the clock shows an hour twice', () => {
    const shownTwice = window(weekdays, 150, 165, 'Europe/Zurich');
    expect(edges(shownTwice, '2026-10-24T12:00Z', '2026-10-25T12:00Z')).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T00:45',
      '2026-10-25T01:30',
      '2026-10-25T01:45',
    ]);
  });

  it('are those that asking every five minutes finds', () => {
    const zones = ['UTC', 'Europe/Zurich', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    // Around the changes of clocks of 2026 in those zones.
    const starts = ['2026-03-06', '2026-03-27', '2026-04-03', '2026-10-02', '2026-10-23', '2026-10-30', '2026-06-01'];
    const fiveMinutes = 5 * 60_000;
    const clock = fc.integer({ min: 0, max: 287 }).map((n) => n * 5);
    fc.assert(
      fc.property(
        fc.subarray([...weekdays], { minLength: 1 }),
        clock,
        clock,
        fc.constantFrom(...zones),
        fc.constantFrom(...starts),
        (days, start, end, zone, from) => {
          const of = window(days, start, end, zone);
          const first = Date.parse(`${from}T00:00Z`);
          const last = first + 4 * 24 * 60 * 60_000;
          const expected: number[] = [];
          let open = windowContains(of, first);
          for (let at = first + fiveMinutes; at <= last; at += fiveMinutes) {
            const now = windowContains(of, at);
            if (now !== open) expected.push(at);
            open = now;
          }
          expect(say(windowEdges(of, first, last))).toEqual(say(expected));
        },
      ),
      { numRuns: 60, seed: 20261121 },
    );
  });
});
