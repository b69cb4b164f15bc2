// Instants and weekly windows (semantics §14). An instant is milliseconds since 1970-01-01T00:00:00Z.
// Windows are half-open; one whose end is not after its start crosses midnight and belongs to the day it starts.

import { offsetAt } from '../base/zone-clock.ts';

/** Milliseconds since the epoch, UTC. `until` values are exclusive: `until D` is bound to the start of the day after D. */
export type Instant = number;

/** `2027-01-31T12:00:00Z`, with milliseconds only where there are some. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type Weekday = (typeof weekdays)[number];

export interface Window {
  readonly days: readonly Weekday[];
  /** Minutes after midnight, local time in `zone`. */
  readonly start: number;
  readonly end: number;
  /** `UTC` or an IANA zone name. */
  readonly zone: string;
  /** As written, for printing. */
  readonly text: string;
}

const dayMinutes = 24 * 60;
/** 1970-01-01 was a Thursday. */
const FIRST_DAY = weekdays.indexOf('Thu');

/** Weekday index (0 = Monday) and minute of the day of `at` in `zone`. */
function localTime(at: Instant, zone: string): { readonly day: number; readonly minute: number } {
  const minutes = Math.floor((at + offsetAt(zone, at)) / 60_000);
  const days = Math.floor(minutes / dayMinutes);
  return { day: (((days + FIRST_DAY) % 7) + 7) % 7, minute: minutes - days * dayMinutes };
}

/** Whether `zone` is `UTC` or a zone name that this runtime knows. */
export function isKnownZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Whether the window is open at the instant. */
export function windowContains(window: Window, at: Instant): boolean {
  const { day, minute } = localTime(at, window.zone);
  const isDay = (index: number): boolean => window.days.includes(weekdays[(index + 7) % 7] as Weekday);
  if (window.end > window.start) return isDay(day) && minute >= window.start && minute < window.end;
  // Crosses midnight: the first part is on a named day, the second on the day after one.
  return (isDay(day) && minute >= window.start) || (isDay(day - 1) && minute < window.end && minute < dayMinutes);
}
