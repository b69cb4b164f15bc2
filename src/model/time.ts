// Instants and weekly windows (semantics §14). An instant is milliseconds since 1970-01-01T00:00:00Z.
// Windows are half-open; one whose end is not after its start crosses midnight and belongs to the day it starts.

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
const formatters = new Map<string, Intl.DateTimeFormat>();

interface LocalTime {
  readonly at: Instant;
  readonly day: number;
  readonly minute: number;
}

/** Many windows are asked about one instant, and formatting is slow: the last answer for each zone is kept. */
const lastTimes = new Map<string, LocalTime>();

/** Weekday index (0 = Monday) and minute of the day of `at` in `zone`. */
function localTime(at: Instant, zone: string): LocalTime {
  if (zone === 'UTC') {
    const minutes = Math.floor(at / 60_000);
    // The first day of the count was a Thursday.
    return { at, day: modulo(Math.floor(minutes / dayMinutes) + 3, 7), minute: modulo(minutes, dayMinutes) };
  }
  const last = lastTimes.get(zone);
  if (last?.at === at) return last;
  let format = formatters.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(zone, format);
  }
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
  const time = {
    at,
    day: weekdays.indexOf(parts.get('weekday') as Weekday),
    minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')),
  };
  lastTimes.set(zone, time);
  return time;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
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

// Clocks of zones are slow to ask, and the same windows are asked at the same instants again and again.
const known = new WeakMap<Window, Map<Instant, boolean>>();

/** Whether the window is open at the instant. */
export function windowContains(window: Window, at: Instant): boolean {
  const answers = known.get(window) ?? new Map<Instant, boolean>();
  const answer = answers.get(at) ?? isOpen(window, at);
  if (answers.size >= MOST_KNOWN) answers.clear();
  known.set(window, answers.set(at, answer));
  return answer;
}

const MOST_KNOWN = 4096;

function isOpen(window: Window, at: Instant): boolean {
  const { day, minute } = localTime(at, window.zone);
  const isDay = (index: number): boolean => window.days.includes(weekdays[(index + 7) % 7] as Weekday);
  if (window.end > window.start) return isDay(day) && minute >= window.start && minute < window.end;
  // Crosses midnight: the first part is on a named day, the second on the day after one.
  return (isDay(day) && minute >= window.start) || (isDay(day - 1) && minute < window.end && minute < dayMinutes);
}
