// Windows and ends a little wider and a little narrower.
import type { Options } from '../../../model/policy.ts';
import { type Window, weekdays } from '../../../model/time.ts';
import type { Way } from './way.ts';

type Timed = Pick<Options, 'window' | 'until'>;

const DAY = 24 * 60 * 60 * 1000;
const STEP = 30;
const MINUTES = 24 * 60;

export function widerTimes({ window, until }: Timed): readonly Way<Timed>[] {
  const ends = until === null ? [] : [{ to: { window, until: null }, words: 'without its end' }, { to: { window, until: until + DAY }, words: 'a day longer' }]; // biome-ignore format: one line reads better
  if (window === null) return ends;
  const other = weekdays.find((day) => !window.days.includes(day));
  const to = (next: Window | null): Timed => ({ window: next, until });
  return [
    ...ends,
    { to: to(null), words: 'at all times' },
    { to: to(moved(window, -STEP, 0)), words: 'half an hour earlier' },
    { to: to(moved(window, 0, STEP)), words: 'half an hour longer' },
    ...(other === undefined ? [] : [{ to: to(onDays(window, [...window.days, other])), words: `on ${other} too` }]),
  ];
}

export function narrowerTimes({ window, until }: Timed): readonly Way<Timed>[] {
  const ends = until === null ? [] : [{ to: { window, until: until - DAY }, words: 'a day shorter' }];
  if (window === null) return ends;
  const to = (next: Window): Timed => ({ window: next, until });
  const [first, ...others] = window.days;
  return [
    ...ends,
    { to: to(moved(window, STEP, 0)), words: 'half an hour later' },
    { to: to(moved(window, 0, -STEP)), words: 'half an hour shorter' },
    ...(others.length === 0 || first === undefined
      ? []
      : [
          { to: to(onDays(window, others)), words: `not on ${first}` },
          { to: to(onDays(window, window.days.slice(0, -1))), words: `not on ${window.days.at(-1)}` },
        ]),
  ];
}

function moved(window: Window, start: number, end: number): Window {
  const wrap = (minute: number): number => (minute + MINUTES) % MINUTES;
  const next = { ...window, start: wrap(window.start + start), end: wrap(window.end + end) };
  return { ...next, text: describeWindow(next) };
}

function onDays(window: Window, days: Window['days']): Window {
  const next = { ...window, days: weekdays.filter((day) => days.includes(day)) };
  return { ...next, text: describeWindow(next) };
}

function describeWindow({ days, start, end, zone }: Window): string {
  const clock = (minute: number): string =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return `${days.join(', ')} ${clock(start)}-${clock(end)} ${zone}`;
}
