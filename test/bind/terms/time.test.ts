// Dates, instants and windows as written (semantics §14).

import { describe, expect, it } from 'vitest';
import { parseInstant, parseUntil, parseWindow } from '../../../src/bind/terms/time.ts';
import { windowContains } from '../../../src/model/time.ts';

const iso = (value: ReturnType<typeof parseInstant>): string =>
  typeof value === 'number' ? new Date(value).toISOString() : `${value.problem} (${value.help})`;

describe('until', () => {
  it.each([
    ['2027-01-31', '2027-02-01T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2027-12-31', '2028-01-01T00:00:00.000Z'],
    ['2027-01-31T18:00:00Z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31T18:00:00.25Z', '2027-01-31T18:00:00.250Z'],
    ['2027-01-31T18:00Z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31t18:00:00z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31T18:00:00+01:30', '2027-01-31T16:30:00.000Z'],
    ['2027-01-31T18:00:00-05:00', '2027-01-31T23:00:00.000Z'],
  ])('%s is up to %s', (text, moment) => {
    expect(iso(parseUntil(text))).toBe(moment);
  });

  it.each([
    ['2027-02-30', 'the day of `2027-02-30` does not exist (days of that month run from 01 to 28)'],
    ['2100-02-29', 'the day of `2100-02-29` does not exist (days of that month run from 01 to 28)'],
    ['2027-04-31', 'the day of `2027-04-31` does not exist (days of that month run from 01 to 30)'],
    ['2027-13-01', 'the day of `2027-13-01` does not exist (months run from 01 to 12)'],
    ['2027-00-10', 'the day of `2027-00-10` does not exist (months run from 01 to 12)'],
    [
      '2027-01-31T24:00:00Z',
      '`2027-01-31T24:00:00Z` has a time of day that does not exist (hours run from 00 to 23, minutes and seconds from 00 to 59)',
    ],
    [
      '2027-01-31T18:00:00',
      '`2027-01-31T18:00:00` does not say in which zone (write `2027-01-31T18:00:00Z` for UTC, or an offset such as `2027-01-31T18:00:00+01:00`)',
    ],
    [
      '2027-01-31T18:00:00+25:00',
      '`2027-01-31T18:00:00+25:00` has an offset that does not exist (an offset is written `+01:00` or `-05:30`)',
    ],
    [
      'tomorrow',
      '`tomorrow` is not a time (write a date such as `2027-01-31`, or an instant such as `2027-01-31T18:00:00Z`)',
    ],
  ])('%s is refused', (text, message) => {
    expect(iso(parseUntil(text))).toBe(message);
  });

  it('of a date has the whole day, which an instant begins', () => {
    expect(iso(parseInstant('2027-01-31'))).toBe('2027-01-31T00:00:00.000Z');
  });
});

describe('a window', () => {
  it.each([
    ['Mon-Fri 01:00-03:00 UTC', 'Mon,Tue,Wed,Thu,Fri 60-180 UTC'],
    ['daily 22:00-06:00 Europe/Zurich', 'Mon,Tue,Wed,Thu,Fri,Sat,Sun 1320-360 Europe/Zurich'],
    ['Sat,Sun 00:00-24:00 UTC', 'Sat,Sun 0-1440 UTC'],
    ['Fri-Mon 08:00-09:30 UTC', 'Mon,Fri,Sat,Sun 480-570 UTC'],
    ['mon, wed-thu 8:00-9:00 UTC', 'Mon,Wed,Thu 480-540 UTC'],
  ])('%s', (text, meaning) => {
    const window = parseWindow(text);
    if ('problem' in window) throw new Error(window.problem);
    expect(`${window.days.join(',')} ${window.start}-${window.end} ${window.zone}`).toBe(meaning);
    expect(window.text).toBe(text);
  });

  it.each([
    ['Mon-Fri 01:00-03:00', '`Mon-Fri 01:00-03:00` does not say in which zone'],
    ['Mon-Fri 01:00-03:00 Europe/Zuerich', 'there is no time zone `Europe/Zuerich`'],
    ['Mon-Fri 01:00-03:00 +01:00', 'there is no time zone `+01:00`'],
    ['Mon-Fry 01:00-03:00 UTC', '`Mon-Fry` is not a day'],
    ['Mon-Tue-Wed 01:00-03:00 UTC', '`Mon-Tue-Wed` is not a day'],
    ['Mon 25:00-03:00 UTC', '`Mon 25:00-03:00 UTC` has a time of day that does not exist'],
    ['Mon 24:00-03:00 UTC', '`Mon 24:00-03:00 UTC` has a time of day that does not exist'],
    ['Mon 01:60-03:00 UTC', '`Mon 01:60-03:00 UTC` has a time of day that does not exist'],
    ['weekends', '`weekends` is not a window'],
    ['', '`` is not a window'],
  ])('%s is refused', (text, problem) => {
    expect(parseWindow(text)).toMatchObject({ problem });
  });

  it('crosses midnight when its end is not after its start, on the days it starts', () => {
    const window = parseWindow('Fri 22:00-02:00 UTC');
    if ('problem' in window) throw new Error(window.problem);
    // 2027-01-01 is a Friday.
    const open = (text: string): boolean => windowContains(window, Date.parse(text));
    expect(open('2027-01-01T22:00:00Z')).toBe(true);
    expect(open('2027-01-02T01:59:59Z')).toBe(true);
    expect(open('2027-01-02T02:00:00Z')).toBe(false);
    expect(open('2027-01-01T01:00:00Z')).toBe(false);
  });
});
