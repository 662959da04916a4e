import { isObject, type JsonObject } from './json-shape.ts';
import { eventOfNxlog, isNxlog } from './nxlog.ts';
import { eventsOfSamba, isSamba } from './samba.ts';
import { eventOfSystemJson, isSystemJson } from './system-json.ts';
import { unreadable, type WindowsEvent } from './windows-event.ts';
import { eventOfWinlogbeat, isWinlogbeat } from './winlogbeat.ts';

/** What the events themselves do not say. */
export interface Missing {
  /** The time zone of times without one: `Europe/Zurich`, `+02:00`. */
  readonly zone: string | null;
  /** The computer of a log that does not name it (Samba). */
  readonly computer: string | null;
}

/**
 * The events of one JSON object: an event's XML as JSON, or one of Winlogbeat, NXLog or Samba, also inside an answer of
 * Elasticsearch. @throws Fault `unexpected`; `misconfigured` where something of `missing` is needed and null
 */
export const eventsOfJson = (value: unknown, missing: Missing): readonly WindowsEvent[] => {
  if (!isObject(value)) throw unreadable('it is not a JSON object');
  const event = unwrapped(value);
  if (isSystemJson(event)) return [eventOfSystemJson(event)];
  if (isWinlogbeat(event)) return [eventOfWinlogbeat(event)];
  if (isSamba(event)) return eventsOfSamba(event, missing.computer);
  if (isNxlog(event)) return [eventOfNxlog(event, missing.zone)];
  throw unreadable(`its form is not known; it has ${Object.keys(event).slice(0, 10).join(', ')}`);
};

/** A hit of a search holds its document in `_source`, or its values in `fields`. */
const unwrapped = (value: JsonObject): JsonObject =>
  isObject(value._source) ? value._source : isObject(value.fields) && value._index !== undefined ? value.fields : value;
