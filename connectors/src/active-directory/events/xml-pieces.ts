import type { Fault } from '@gatehouse/kernel';
import { type Cutter, longestEvent } from './pieces.ts';
import { unreadable } from './windows-event.ts';

const opening = /<Event(?=[\s>])/g;
/** Bounded, so that a text full of beginnings is not searched to its end for each of them. */
const tag = /<(\/?)Event(?=[\s/>])([^<>]{0,500})>/g;
const namespace = /xmlns\s*=\s*["']http:\/\/schemas\.microsoft\.com\/win\/2004\/08\/events\/event["']/;
/** Longer than any start of a tag that the end of a text may cut in two. */
const longestTag = 512;

/**
 * Cuts a document or stream at its `<Event>` elements, whatever stands around them (`<Events>`, a WS-Management
 * envelope, one declaration per event). An event that another one begins in was not finished, and only it is left out.
 */
export const xmlCutter = (): Cutter => {
  let rest = '';
  /** Where the search goes on, and how deep below the event's own element it stands; -1 outside of events. */
  let from = 0;
  let depth = -1;

  function* cut(): Generator<string | Fault> {
    for (;;) {
      if (depth < 0) {
        opening.lastIndex = from;
        const found = opening.exec(rest);
        if (found === null) {
          rest = rest.slice(-'<Event '.length);
          from = 0;
          return;
        }
        rest = rest.slice(found.index);
        from = 1;
        depth = 0;
      }
      tag.lastIndex = from;
      const found = tag.exec(rest);
      const reached = found?.index ?? rest.length;
      if (reached > longestEvent) {
        yield unreadable(`it is longer than ${longestEvent} characters`);
        restart(reached);
        continue;
      }
      if (found === null) {
        from = Math.max(1, rest.length - longestTag);
        return;
      }
      const [whole, slash, attributes = ''] = found;
      from = found.index + whole.length;
      if (slash === '/') {
        if (depth-- > 0) continue;
        yield rest.slice(0, from);
        restart(from);
      } else if (namespace.test(attributes)) {
        yield unreadable('it is not finished');
        restart(found.index);
      } else if (!attributes.endsWith('/')) depth++;
    }
  }

  const restart = (at: number) => {
    rest = rest.slice(at);
    from = 0;
    depth = -1;
  };

  return {
    *push(text) {
      rest += text;
      yield* cut();
    },
    *end() {
      if (depth >= 0) yield unreadable('it is not finished');
      restart(rest.length);
    },
  };
};
