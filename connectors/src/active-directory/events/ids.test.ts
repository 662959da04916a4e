import { describe, expect, test } from 'vitest';
import { made, target } from './test/made-event.ts';

describe('ids', () => {
  test('a cleared log that counts anew gives other ids', () => {
    const at = (SystemTime: string) => made(4624, target, { TimeCreated: { SystemTime } }).id;
    expect(at('2026-01-02T03:04:05Z')).not.toBe(at('2026-02-02T03:04:05Z'));
    expect(made(4624, target, { EventRecordID: '8' }).id).not.toBe(made(4624, target).id);
    expect(made(4624, target, { Computer: 'dc2.corp.example' }).id).not.toBe(made(4624, target).id);
  });

  test('what a collector forwarded has the id of the computer that wrote it', () => {
    expect(made(4624, target, { Channel: 'ForwardedEvents', Computer: 'dc1.CORP.example' }).id).toBe(
      made(4624, target).id,
    );
  });

  test('a computer with an endless name does not make an endless id', () => {
    expect(made(4624, target, { Computer: 'x'.repeat(5_000) }).id).toMatch(/^[\da-f]{16}$/);
  });
});
