import { expect, test } from 'vitest';
import { eventsOfJson } from './json.ts';
import { reason, recorded, whereRecorded } from './test/corpus.ts';
import { toEvent } from './to-event.ts';
import { eventOfXml } from './xml.ts';

const nothing = { zone: null, computer: null };

whereRecorded(`real events${reason}`, () => {
  const all = recorded();

  test('every event is read, as many of each id as its file has, and none is left unclassified', () => {
    const counts = new Map<number, number>();
    for (const { json, eventId, file } of all) {
      const events = eventsOfJson(json, nothing);
      expect(events, file).toHaveLength(1);
      for (const event of events) {
        expect(event.eventId).toBe(eventId);
        counts.set(event.eventId, (counts.get(event.eventId) ?? 0) + 1);
        const record = toEvent(event);
        expect(record.classUid, file).toBeGreaterThan(0);
        expect(record.time).toBeInstanceOf(Date);
        expect(record.action).toBe(String(eventId));
        expect(record.outcome, file).not.toBe('unknown');
        expect(record.id.length).toBeLessThan(400);
      }
    }
    const expected = new Map<number, number>();
    for (const { eventId } of all) expected.set(eventId, (expected.get(eventId) ?? 0) + 1);
    expect(counts).toEqual(expected);
    expect(all.length).toBeGreaterThan(5_000);
  });

  test('its XML and its JSON are the same record', () => {
    const withXml = all.filter(({ xml }) => xml !== null);
    expect(withXml.length).toBeGreaterThan(1_000);
    for (const { json, xml } of withXml)
      expect(toEvent(eventOfXml(xml ?? ''))).toEqual(
        toEvent(eventsOfJson(json, nothing)[0] ?? expect.fail('no event')),
      );
  });

  test('no two different events share an id', () => {
    const byId = new Map<string, string>();
    for (const { json } of all) {
      const { _source, ...rest } = json;
      const event = eventsOfJson(rest, nothing)[0] ?? expect.fail('no event');
      const words = JSON.stringify(event.raw);
      const { id } = toEvent(event);
      expect(byId.get(id) ?? words, id).toBe(words);
      byId.set(id, words);
    }
  });
});
