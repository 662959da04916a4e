import type { ArrivingLog, EventLogPart } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { readEvents } from '../events/event-reader.ts';
import { advance, caveatOf } from '../events/positions.ts';
import type { WindowsEvent } from '../events/windows-event.ts';
import type { Place } from './place.ts';

/**
 * The events of one log that come by themselves, part by part; what cannot be read is a fault in the place of the event.
 * The place is the one after each event at the moment it is given. They come in no order and from anywhere, so nothing is
 * taken for a repeat here: ids do that where they are stored.
 *
 * @throws Fault where all of the log would fail the same way
 */
export async function* arrivingEvents(log: ArrivingLog, place: Place): AsyncGenerator<WindowsEvent | Fault> {
  for await (const part of log.read(place.arrivedTo(log.id).at)) {
    if (part.lost !== null) place.lose(part.lost);
    yield* eventsOf(part, log, place);
    place.arrive(log.id, { at: part.next, taken: 0 });
  }
}

async function* eventsOf(part: EventLogPart, log: ArrivingLog, place: Place): AsyncGenerator<WindowsEvent | Fault> {
  const { at, taken } = place.arrivedTo(log.id);
  let count = 0;
  let hasEvent = false;
  let lastFault: Fault | null = null;
  try {
    for await (const item of readEvents(part, { zone: log.zone, computer: log.computer })) {
      if (item instanceof Fault) lastFault = item;
      else hasEvent = true;
      if (++count <= taken) continue;
      if (!(item instanceof Fault)) for (const gap of advance(new Map(), [item], false).gaps) place.lose(caveatOf(gap));
      place.arrive(log.id, { at, taken: count });
      yield item;
    }
  } catch (error) {
    // Whatever it is, it is no log: what comes after it must not wait for it for ever.
    if (!(error instanceof Fault) || error.kind !== 'unexpected') throw error;
    lastFault = error;
    hasEvent = false;
  }
  if (lastFault !== null && !hasEvent)
    place.lose({
      code: 'no-events',
      advice: `${log.name}: ${part.name} was passed over, because no event in it can be read. ${lastFault.advice}`,
    });
}
