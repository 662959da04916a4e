import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caveat } from '@gatehouse/connector-kit';
import { activeDirectory } from '@gatehouse/connectors/active-directory';
import type { ArrivingLog, Cursor } from '@gatehouse/host';

/** An event of Windows' audit, as its XML. */
export const eventXml = (recordId: number, computer = 'dc1.corp.example', eventId = 4768): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>${eventId}</EventID><Keywords>0x8020000000000000</Keywords><TimeCreated SystemTime='2026-01-02T03:04:05.000Z'/><EventRecordID>${recordId}</EventRecordID><Channel>Security</Channel><Computer>${computer}</Computer></System><EventData><Data Name='TargetUserName'>ada</Data></EventData></Event>`;

/** The same event as Winlogbeat sends it. */
export const winlogbeatJson = (recordId: number, computer = 'dc1.corp.example'): string =>
  JSON.stringify({
    '@timestamp': '2026-01-02T03:04:05.000Z',
    event: { code: '4768', kind: 'event', provider: 'Microsoft-Windows-Security-Auditing', outcome: 'success' },
    winlog: {
      ...{ api: 'wineventlog', channel: 'Security', computer_name: computer, event_id: '4768', record_id: recordId },
      ...{ provider_name: 'Microsoft-Windows-Security-Auditing', keywords: ['Audit Success'] },
      event_data: { TargetUserName: 'ada' },
    },
  });

/** A line of Samba's audit, with its heading. */
export const sambaLine = (number: number): string =>
  `[2026/01/02 03:04:05,  3] ../../auth/auth_log.c:635(log_authentication_event_json)\n  ${JSON.stringify({
    timestamp: `2026-01-02T03:04:05.${String(number).padStart(6, '0')}+0000`,
    type: 'Authentication',
    Authentication: { eventId: 4624, status: 'NT_STATUS_OK', clientAccount: 'ada', logonId: number.toString(16) },
  })}\n`;

/** What one read of the stream of security events gave, and where it ended. */
export interface Read {
  readonly ids: readonly string[];
  readonly recordIds: readonly number[];
  readonly actions: readonly string[];
  readonly caveats: readonly Caveat[];
  readonly leftOut: readonly string[];
  readonly cursor: Cursor | null;
}

/** Reads what arrives with the real stream, from a cursor on. */
export const readArriving = async (arriving: readonly ArrivingLog[], from: Cursor | null = null): Promise<Read> => {
  const { 'security-events': stream } = activeDirectory.streams;
  const client = { eventLogs: { arriving }, now: () => new Date() };
  const ids: string[] = [];
  const recordIds: number[] = [];
  const actions: string[] = [];
  const leftOut: string[] = [];
  let caveats: readonly Caveat[] = [];
  let cursor: Cursor | null = from;
  // Nothing of the directory is asked for what arrives.
  for await (const page of stream?.read(client as never, from) ?? []) {
    for (const record of page.records) {
      ids.push(record.id);
      const { raw, action } = record as typeof record & { raw?: unknown; action?: string | null };
      recordIds.push(Number(Object(Object(raw).System).EventRecordID));
      actions.push(String(action));
    }
    leftOut.push(...(page.leftOut ?? []));
    caveats = page.caveats ?? [];
    cursor = page.cursor;
  }
  return { ids, recordIds, actions, caveats, leftOut, cursor };
};

/** A folder that is gone when the test is over. */
export const temporaryFolder = (): { readonly folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-events-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
