import { endpointFault } from './dialogue.ts';
import type { Grammar } from './scan.ts';

/** Tiles of 16 by 16 pixels, each led by what it has. `each` is the bytes of a pixel. */
export function* hextile(width: number, height: number, each: number): Grammar {
  for (let y = 0; y < height; y += 16)
    for (let x = 0; x < width; x += 16) {
      const tile = yield { take: 1 };
      yield { put: tile };
      const has = tile.readUInt8();
      if (has & 1) {
        yield { pass: Math.min(16, width - x) * Math.min(16, height - y) * each };
        continue;
      }
      yield { pass: (has & 2 ? each : 0) + (has & 4 ? each : 0) };
      if (!(has & 8)) continue;
      const count = yield { take: 1 };
      yield { put: count };
      yield { pass: count.readUInt8() * (has & 16 ? each + 2 : 2) };
    }
}

/** Tight, with PNG as TightPNG has it. `each` is the bytes of a pixel as Tight sends it. */
export function* tight(width: number, height: number, each: number, system: string): Grammar {
  const control = yield { take: 1 };
  yield { put: control };
  const form = control.readUInt8() >> 4;
  if (form === 8) yield { pass: each };
  else if (form === 9 || form === 10) yield* counted();
  else if (form > 10) throw endpointFault(system, `Tight of form ${form}`);
  else yield* filtered(form, width, height, each, system);
}

function* filtered(form: number, width: number, height: number, each: number, system: string): Grammar {
  let length = width * height * each;
  if (form & 4) {
    const filter = yield { take: 1 };
    yield { put: filter };
    if (filter.readUInt8() > 2) throw endpointFault(system, `a filter ${filter[0]} of Tight`);
    if (filter[0] === 1) {
      const last = yield { take: 1 };
      yield { put: last };
      const colours = last.readUInt8() + 1;
      yield { pass: colours * each };
      length = colours <= 2 ? Math.ceil(width / 8) * height : width * height;
    }
  }
  // So little is not worth compressing, and has no length of its own.
  if (length < 12) yield { pass: length };
  else yield* counted();
}

/** A length of one to three bytes, the lowest first, and so many bytes. */
function* counted(): Grammar {
  let length = 0;
  for (let i = 0; i < 3; i++) {
    const part = yield { take: 1 };
    yield { put: part };
    const bits = part.readUInt8();
    length |= (i < 2 ? bits & 0x7f : bits) << (7 * i);
    if (i < 2 && !(bits & 0x80)) break;
  }
  yield { pass: length };
}
