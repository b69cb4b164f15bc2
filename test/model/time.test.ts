// Weekly windows: half-open, in their own zone, over midnight and over changes of the clock (semantics §14).
import { describe, expect, it } from 'vitest';
import { isKnownZone, type Weekday, type Window, weekdays, windowContains } from '../../src/model/time.ts';

const window = (days: readonly Weekday[], start: string, end: string, zone = 'UTC'): Window => {
  const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return { days, start: minutes(start), end: minutes(end), zone, text: `${days} ${start}-${end} ${zone}` };
};
const at = (of: Window, ...instants: readonly string[]): readonly boolean[] =>
  instants.map((instant) => windowContains(of, Date.parse(instant)));

describe('a window', () => {
  it('contains its start and not its end', () => {
    // 2026-06-03 is a Wednesday.
    expect(at(window(['Wed'], '08:00', '17:00'), '2026-06-03T07:59:59.999Z', '2026-06-03T08:00:00Z')).toEqual([
      false,
      true,
    ]);
    expect(at(window(['Wed'], '08:00', '17:00'), '2026-06-03T16:59:59.999Z', '2026-06-03T17:00:00Z')).toEqual([
      true,
      false,
    ]);
    expect(at(window(['Tue'], '08:00', '17:00'), '2026-06-03T09:00:00Z')).toEqual([false]);
  });

  it('may end at the end of the day', () => {
    expect(at(window(['Wed'], '20:00', '24:00'), '2026-06-03T23:59:59Z', '2026-06-04T00:00:00Z')).toEqual([
      true,
      false,
    ]);
  });

  it('crosses midnight where its end is not after its start, and belongs to the day it starts', () => {
    const night = window(['Sun'], '22:00', '04:00');
    expect(
      at(night, '2026-06-07T21:59:00Z', '2026-06-07T22:00:00Z', '2026-06-08T03:59:00Z', '2026-06-08T04:00:00Z'),
    ).toEqual([false, true, true, false]);
    // The small hours of the day itself belong to the day before.
    expect(at(night, '2026-06-07T02:00:00Z', '2026-06-08T23:00:00Z')).toEqual([false, false]);
  });

  it('whose end is its start is a whole day', () => {
    const day = window(['Wed'], '06:00', '06:00');
    expect(
      at(day, '2026-06-03T05:59:00Z', '2026-06-03T06:00:00Z', '2026-06-04T05:59:00Z', '2026-06-04T06:00:00Z'),
    ).toEqual([false, true, true, false]);
    expect(at(window(['Wed'], '00:00', '00:00'), '2026-06-03T00:00:00Z', '2026-06-04T00:00:00Z')).toEqual([
      true,
      false,
    ]);
  });

  it('of every day is open at its hours on each', () => {
    for (let day = 1; day <= 7; day++)
      expect(at(window(weekdays, '12:00', '13:00'), `2026-06-0${day}T12:30:00Z`)).toEqual([true]);
  });

  it('is told by the clock of its zone, in summer and in winter', () => {
    const office = window(['Fri'], '08:00', '17:00', 'Europe/Zurich');
    expect(at(office, '2026-06-05T06:00:00Z', '2026-06-05T15:00:00Z')).toEqual([true, false]);
    expect(at(office, '2026-12-04T06:30:00Z', '2026-12-04T07:00:00Z', '2026-12-04T16:00:00Z')).toEqual([
      false,
      true,
      false,
    ]);
    // It is already Friday there.
    expect(at(window(['Fri'], '00:00', '01:00', 'Pacific/Auckland'), '2026-06-04T12:30:00Z')).toEqual([true]);
    expect(at(window(['Wed'], '23:00', '24:00', 'America/Los_Angeles'), '2026-06-04T06:30:00Z')).toEqual([true]);
    expect(
      at(window(['Wed'], '12:00', '12:30', 'Asia/Kolkata'), '2026-06-03T06:29:00Z', '2026-06-03T06:30:00Z'),
    ).toEqual([false, true]);
  });

  it('keeps to the clock when clocks change: an hour that is skipped is not there, one that comes twice is open twice', () => {
    // Zurich, 2026-03-29: 02:00 becomes 03:00. 2026-10-25: 03:00 becomes 02:00.
    const early = window(['Sun'], '02:00', '03:00', 'Europe/Zurich');
    expect(at(early, '2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2026-03-29T01:30:00Z')).toEqual([
      false,
      false,
      false,
    ]);
    expect(at(early, '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-25T02:00:00Z')).toEqual([
      true,
      true,
      false,
    ]);
    const night = window(['Sat'], '22:00', '04:00', 'Europe/Zurich');
    expect(
      at(night, '2026-03-29T01:59:00Z', '2026-03-29T02:00:00Z', '2026-10-25T02:59:00Z', '2026-10-25T03:00:00Z'),
    ).toEqual([true, false, true, false]);
  });
});

it('zones are those of the IANA data', () => {
  expect(['UTC', 'Europe/Zurich', 'America/Argentina/Ushuaia'].map(isKnownZone)).toEqual([true, true, true]);
  expect(['Mars/Olympus', '', 'CEST+'].map(isKnownZone)).toEqual([false, false, false]);
});
