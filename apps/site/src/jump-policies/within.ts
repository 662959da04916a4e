import type { Schedule } from '../api/jump-policies.ts';

/** Whether a moment is within a schedule, by the wall clock of its time zone. Without entries it never is. */
export const isWithin = ({ timezone, entries }: Schedule, at: Date): boolean => {
  const now = minuteOfWeek(timezone, at);
  return entries.some(({ start_day, start_time, end_day, end_time }) => {
    const [start, end] = [minuteAt(start_day, start_time), minuteAt(end_day, end_time)];
    return start < end ? start <= now && now < end : now >= start || now < end;
  });
};

export const isTimezone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const minuteAt = (day: number, time: string): number => {
  const [hours = '0', minutes = '0'] = time.split(':');
  return day * 1_440 + Number(hours) * 60 + Number(minutes);
};

const minuteOfWeek = (timezone: string, at: Date): number => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return minuteAt(days.indexOf(part('weekday')), `${part('hour')}:${part('minute')}`);
};
