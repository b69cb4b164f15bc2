// Turns dates, instants and windows as written into instants and weekly windows (semantics §14).
// Everything is explicit: a time of day without a zone is refused, because it would mean another instant on each machine.

import { type Instant, isKnownZone, type Weekday, type Window, weekdays } from '../../model/time.ts';

/** Why a text is refused: a message, and what to write instead. */
export interface TimeRefusal {
  readonly problem: string;
  readonly help: string | null;
}

const DAY = 24 * 60 * 60 * 1000;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const INSTANT =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|z|([+-])([0-9]{2}):([0-9]{2}))?$/;

/** When `until` ends: a date includes its whole day in UTC, an instant (RFC 3339) is the first moment outside. */
export function parseUntil(text: string): Instant | TimeRefusal {
  const parsed = parseInstant(text);
  return typeof parsed === 'number' && DATE.test(text) ? parsed + DAY : parsed;
}

/** An instant of RFC 3339 with its zone; a date is the start of its day in UTC. Leap seconds are refused. */
export function parseInstant(text: string): Instant | TimeRefusal {
  const date = DATE.exec(text);
  if (date !== null) return startOfDay(text, date);
  const parts = INSTANT.exec(text);
  if (parts === null) {
    return {
      problem: `\`${text}\` is not a time`,
      help: 'write a date such as `2027-01-31`, or an instant such as `2027-01-31T18:00:00Z`',
    };
  }
  const day = startOfDay(text, parts);
  if (typeof day !== 'number') return day;
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5]), Number(parts[6] ?? '0')];
  if (hour > 23 || minute > 59 || second > 59) {
    return {
      problem: `\`${text}\` has a time of day that does not exist`,
      help: 'hours run from 00 to 23, minutes and seconds from 00 to 59',
    };
  }
  if (parts[8] === undefined) {
    return {
      problem: `\`${text}\` does not say in which zone`,
      help: `write \`${text}Z\` for UTC, or an offset such as \`${text}+01:00\``,
    };
  }
  const [offsetHours, offsetMinutes] = [Number(parts[10] ?? '0'), Number(parts[11] ?? '0')];
  if (offsetHours > 23 || offsetMinutes > 59) {
    return {
      problem: `\`${text}\` has an offset that does not exist`,
      help: 'an offset is written `+01:00` or `-05:30`',
    };
  }
  const offset = (parts[9] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes) * 60_000;
  const fraction = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  return day + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offset;
}

function startOfDay(text: string, [, year, month, day]: RegExpExecArray): Instant | TimeRefusal {
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (exists) return date.getTime();
  return { problem: `the day of \`${text}\` does not exist`, help: lastDayHelp(Number(year), Number(month)) };
}

function lastDayHelp(year: number, month: number): string {
  if (month < 1 || month > 12) return 'months run from 01 to 12';
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return `days of that month run from 01 to ${last}`;
}

const WINDOW = /^(\S+(?:\s*,\s*\S+)*)\s+([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2})(?:\s+(\S+))?$/;

/**
 * `DAYS HH:MM-HH:MM ZONE`, days as `daily`, `Mon`, `Mon-Fri` or a list of those; a range may go around the end of the
 * week. Half-open; an end that is not after the start is on the next day. `24:00` is allowed as an end.
 */
export function parseWindow(text: string): Window | TimeRefusal {
  const parts = WINDOW.exec(text.trim());
  if (parts === null) {
    return {
      problem: `\`${text}\` is not a window`,
      help: 'write days, hours and a zone, such as `Mon-Fri 01:00-03:00 UTC`',
    };
  }
  const days = parseDays(parts[1] ?? '');
  if (!Array.isArray(days)) return days as TimeRefusal;
  const start = parseMinute(parts[2], parts[3]);
  const end = parseMinute(parts[4], parts[5]);
  if (start === null || end === null || start === 24 * 60) {
    return {
      problem: `\`${text}\` has a time of day that does not exist`,
      help: 'times run from 00:00 to 23:59; a window may also end at 24:00',
    };
  }
  const zone = parts[6];
  if (zone === undefined)
    return {
      problem: `\`${text}\` does not say in which zone`,
      help: `write \`${text} UTC\`, or a name such as \`Europe/Zurich\``,
    };
  if (!/^[A-Za-z]/.test(zone) || !isKnownZone(zone)) {
    return {
      problem: `there is no time zone \`${zone}\``,
      help: 'write `UTC` or a name of the IANA time zone database, such as `Europe/Zurich`',
    };
  }
  return { days, start, end, zone, text };
}

function parseDays(text: string): Weekday[] | TimeRefusal {
  if (text.toLowerCase() === 'daily') return [...weekdays];
  const chosen = new Set<Weekday>();
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [from, to = from, more] = part.split('-');
    const first = weekdays.findIndex((day) => day.toLowerCase() === from?.toLowerCase());
    const last = weekdays.findIndex((day) => day.toLowerCase() === to?.toLowerCase());
    if (first < 0 || last < 0 || more !== undefined) {
      return {
        problem: `\`${part}\` is not a day`,
        help: `write \`daily\`, or days out of ${weekdays.join(', ')} as \`Mon\`, \`Mon-Fri\` or \`Sat,Sun\``,
      };
    }
    for (let day = first; ; day = (day + 1) % 7) {
      chosen.add(weekdays[day] as Weekday);
      if (day === last) break;
    }
  }
  return weekdays.filter((day) => chosen.has(day));
}

/** Minutes after midnight, 0..1440, or null. */
function parseMinute(hour: string | undefined, minute: string | undefined): number | null {
  const [hours, minutes] = [Number(hour), Number(minute)];
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return null;
  return hours * 60 + minutes;
}
