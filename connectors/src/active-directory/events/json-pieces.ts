import type { Fault } from '@gatehouse/kernel';
import { type Cutter, longestEvent } from './pieces.ts';
import { unreadable } from './windows-event.ts';

const quote = 0x22;
const backslash = 0x5c;
const newline = 0x0a;
const colon = 0x3a;
const comma = 0x2c;
const braceOpen = 0x7b;
const braceClose = 0x7d;
const bracketOpen = 0x5b;
const bracketClose = 0x5d;
/** Deeper than any event; what is deeper was not closed. */
const deepest = 64;

/**
 * Cuts lines, arrays and pretty-printed documents into their outermost objects; what stands between them (commas, a
 * prefix of syslog) is passed over. A cut-off line costs itself: an object cannot begin where JSON allows none.
 */
export const jsonCutter = (): Cutter => {
  let rest = '';
  let at = 0;
  /** Where the object began; -1 between objects. */
  let start = -1;
  let open: number[] = [];
  let isText = false;
  /** The last character that is neither space nor inside a text; a text counts as its quote. */
  let last = 0;

  function* cut(): Generator<string | Fault> {
    for (; at < rest.length; at++) {
      const code = rest.charCodeAt(at);
      if (start < 0) {
        if (code === braceOpen) begin();
        continue;
      }
      if (isText) {
        if (code === backslash) at++;
        else if (code === quote) isText = false;
        else if (code === newline) {
          yield unreadable('its JSON has a text that is not finished');
          leave();
        }
        continue;
      }
      if (code <= 0x20) continue;
      if (code === quote) isText = true;
      else if (code === braceOpen || code === bracketOpen) {
        if (open.at(-1) === braceOpen ? last !== colon : last !== comma && last !== bracketOpen) {
          yield unreadable('its JSON is not finished');
          leave();
          if (code === braceOpen) begin();
          continue;
        }
        open.push(code);
      } else if (code === braceClose || code === bracketClose) {
        const opened = open.pop();
        if (open.length === 0 || opened !== code - 2) {
          if (opened === code - 2) yield rest.slice(start, at + 1);
          else yield unreadable('its JSON ends what it did not begin');
          leave();
          continue;
        }
      }
      last = code;
      if (at - start > longestEvent || open.length > deepest) {
        yield unreadable(`it is longer than ${longestEvent} characters or deeper than ${deepest}`);
        leave();
      }
    }
    // The next text is appended to what may still be part of an object.
    const kept = start < 0 ? rest.length : start;
    if (start >= 0 && at - start > longestEvent) {
      yield unreadable(`it is longer than ${longestEvent} characters`);
      leave();
      rest = '';
      at = 0;
      return;
    }
    rest = rest.slice(kept);
    at -= kept;
    if (start >= 0) start = 0;
  }

  const begin = () => {
    start = at;
    open = [braceOpen];
    last = braceOpen;
  };

  const leave = () => {
    start = -1;
    open = [];
    isText = false;
  };

  return {
    *push(text) {
      rest += text;
      yield* cut();
    },
    *end() {
      if (start >= 0) yield unreadable('its JSON is not finished');
      leave();
      rest = '';
      at = 0;
    },
  };
};
