import type { Event } from '@gatehouse/connector-kit';
import { expect } from 'vitest';
import { eventsOfJson } from '../json.ts';
import { toEvent } from '../to-event.ts';
import type { WindowsEvent } from '../windows-event.ts';

export const eventOf = (json: unknown): WindowsEvent =>
  eventsOfJson(json, { zone: null, computer: null })[0] ?? expect.fail('no event');

export const made = (eventId: number, data: Record<string, string>, system: Record<string, unknown> = {}): Event =>
  toEvent(
    eventOf({
      System: {
        Provider: { Name: 'Microsoft-Windows-Security-Auditing' },
        EventID: String(eventId),
        Keywords: '0x8020000000000000',
        TimeCreated: { SystemTime: '2026-01-02T03:04:05.1234567Z' },
        EventRecordID: '7',
        Channel: 'Security',
        Computer: 'DC1.corp.example',
        ...system,
      },
      EventData: data,
    }),
  );

export const target = { TargetUserName: 'ada', TargetDomainName: 'CORP', TargetSid: 'S-1-5-21-1-2-3-1104' };
