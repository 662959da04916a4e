import { Fault } from '@gatehouse/kernel';
import { beforeAll, describe, expect, test } from 'vitest';
import { templated } from '../events/test/evtx-events.ts';
import { writeEvtx } from '../events/test/evtx-writer.ts';
import { eventOfXml } from '../events/xml.ts';
import { createDirectory, type FakeController, openController } from '../fake/index.ts';
import { partsLog, reading, type Written, windowsLogs, xmlOf } from './test/logs.ts';

let controller: FakeController;
beforeAll(async () => {
  const domain = 'DC=corp,DC=example';
  const configuration = `CN=Configuration,${domain}`;
  const services = `CN=Enrollment Services,CN=Public Key Services,CN=Services,${configuration}`;
  const directory = createDirectory('corp.example');
  directory.change(domain, { objectSid: Buffer.from('010400000000000515000000010000000200000003000000', 'hex') });
  directory.add(`CN=NTDS Settings,CN=DC1,CN=Servers,CN=Site,CN=Sites,${configuration}`, {
    ...{ objectClass: ['top', 'nTDSDSA'], invocationId: Buffer.alloc(16, 7) },
  });
  directory.add(services, { objectClass: ['top', 'container'] });
  for (const name of ['dc1', 'dc2'])
    directory.add(`CN=${name},OU=Domain Controllers,${domain}`, {
      objectClass: ['top', 'person', 'user', 'computer'],
      ...{
        sAMAccountName: `${name}$`,
        userAccountControl: '532480',
        dNSHostName: `${name.toUpperCase()}.corp.example`,
      },
    });
  directory.add(`CN=CA,${services}`, {
    objectClass: ['top', 'pKIEnrollmentService'],
    dNSHostName: 'ca.corp.example',
  });
  controller = await openController(directory);
  return () => controller[Symbol.asyncDispose]();
});

const now = Date.now();
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const ticket = (recordId: number, minutes: number, more: Partial<Written> = {}): Written => ({
  ...{ recordId, eventId: 4768, at: ago(minutes) },
  data: { TargetUserName: 'ada', TargetDomainName: 'CORP', TargetSid: 'S-1-5-21-1-2-3-1104', Status: '0x0' },
  ...more,
});
const recordsOf = (run: ReturnType<typeof reading>) =>
  run.events().map((event) => ('raw' in event ? Number(Object(event.raw).System.EventRecordID) : 0));

describe('security events without a source', () => {
  test('are forbidden, with what to set', async () => {
    const { fault } = await reading(controller, undefined).run();
    expect(fault).toMatchObject({ kind: 'forbidden', advice: expect.stringContaining('Event Log Readers') });
    const none = await reading(controller, { arriving: [] }).run();
    expect(none.fault?.kind).toBe('forbidden');
  });
});

describe('security events that arrive', () => {
  test('are read once, each with its parties by SID, and what nobody knows is left out', async () => {
    const parts = [`<Events>${xmlOf(ticket(7, 3))}${xmlOf(ticket(8, 2, { eventId: 9999 }))}</Events>`];
    const { log, asked } = partsLog(parts);
    const run = reading(controller, { arriving: [log] });
    expect(await run.run()).toMatchObject({ state: 'done', records: 1, caveats: [] });
    expect(run.events()).toMatchObject([{ action: '4768', actorId: 'S-1-5-21-1-2-3-1104', actorLogin: 'CORP\\ada' }]);
    parts.push(xmlOf(ticket(9, 1)));
    expect(await run.run()).toMatchObject({ state: 'done', records: 1 });
    expect(recordsOf(run)).toEqual([7, 9]);
    expect(asked).toEqual([null, '1']);
  });

  test('are read from an event log file of Windows', async () => {
    const written = [5, 6, 7].map((id) => templated(eventOfXml(xmlOf(ticket(id, 9 - id)))));
    const run = reading(controller, { arriving: [partsLog([writeEvtx(written)]).log] });
    expect(await run.run()).toMatchObject({ state: 'done', records: 3, caveats: [] });
    expect(recordsOf(run)).toEqual([5, 6, 7]);
  });

  test('go on in the middle of a part after a read that was ended there', async () => {
    const many = Array.from({ length: 1_300 }, (_, i) => xmlOf(ticket(i + 1, 5))).join('');
    const { log } = partsLog([many, xmlOf(ticket(5_000, 1))]);
    const run = reading(controller, { arriving: [log] });
    const { save } = run.store;
    let pages = 0;
    run.store.save = async (...args) => {
      if (++pages === 2) throw new Fault('unreachable', 'The disk is full.');
      return save(...args);
    };
    expect(await run.run()).toMatchObject({ state: 'failed' });
    const before = run.events().length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(1_301);
    expect(await run.run()).toMatchObject({ state: 'done', records: 1_301 - before });
    expect(run.events()).toHaveLength(1_301);
  });

  test('that were lost are said with the number and time, and still a day later', async () => {
    const advice = '3 deliveries (12 kB) that arrived from 2026-01-02 03:04 to 2026-01-02 03:09 UTC were dropped.';
    const parts: Parameters<typeof partsLog>[0][number][] = [{ lost: { code: 'events-dropped', advice } }];
    const run = reading(controller, { arriving: [partsLog(parts).log] });
    expect((await run.run()).caveats).toEqual([{ code: 'events-dropped', advice }]);
    parts.push(xmlOf(ticket(1, 1)));
    expect((await run.run()).caveats).toEqual([{ code: 'events-dropped', advice }]);
  });

  test('that cannot be read are said by the name of what they were in, and what comes after them is read', async () => {
    const { log } = partsLog(['PK\u0003\u0004 no log at all', xmlOf(ticket(1, 1))]);
    const run = reading(controller, { arriving: [log] });
    const { caveats, state } = await run.run();
    expect(state).toBe('done');
    expect(caveats.map(({ code }) => code)).toContain('no-events');
    expect(caveats.find(({ code }) => code === 'no-events')?.advice).toContain('part 0');
    expect(recordsOf(run)).toEqual([1]);
    expect((await run.run()).caveats).toHaveLength(1);
  });

  test('of a log that needs something set fail with that, and cost the other logs nothing', async () => {
    const samba = `{"timestamp": "2026-01-02T03:04:05.000001+0100", "type": "Authentication", "Authentication": {"eventId": 4624}}`;
    const bad = partsLog([samba], { id: 'samba', name: 'Samba' });
    const run = reading(controller, { arriving: [bad.log, partsLog([xmlOf(ticket(1, 1))]).log] });
    expect(await run.run()).toMatchObject({ state: 'failed', fault: { kind: 'misconfigured' } });
    expect(recordsOf(run)).toEqual([1]);
    // Set since, it is read from where it stood.
    const set = partsLog([samba], { id: 'samba', computer: 'dc1.corp.example' });
    const after = reading(controller, { arriving: [set.log] }, run.store);
    expect(await after.run()).toMatchObject({ state: 'done', records: 1 });
  });

  test('tell who cleared a log', async () => {
    const cleared = xmlOf({ recordId: 1, eventId: 1102, at: ago(1), data: { SubjectUserName: 'mallory' } });
    const { caveats } = await reading(controller, { arriving: [partsLog([cleared]).log] }).run();
    expect(caveats).toMatchObject([{ code: 'event-log-cleared', advice: expect.stringContaining('mallory') }]);
  });
});

describe('security events in the logs of Windows', () => {
  test('are those of controllers and enrolment servers, from the last position of each', async () => {
    const logs: Record<string, Written[]> = {
      'dc1.corp.example': [ticket(10, 9), ticket(11, 8, { eventId: 4624 }), ticket(12, 7, { eventId: 4769 })],
      'dc2.corp.example': [ticket(500, 9)],
      'ca.corp.example': [ticket(3, 4, { eventId: 4887 }), ticket(4, 3)],
    };
    const { windows, queries } = windowsLogs(logs);
    const run = reading(controller, { arriving: [], windows });
    expect(await run.run()).toMatchObject({ state: 'done', caveats: [] });
    expect(recordsOf(run).sort((a, b) => a - b)).toEqual([3, 10, 12, 500]);
    logs['dc1.corp.example']?.push(ticket(13, 1));
    queries.length = 0;
    expect(await run.run()).toMatchObject({ state: 'done', records: 1 });
    expect(recordsOf(run)).toContain(13);
    // What was written of other ids is behind, too.
    expect(queries.filter(({ eventIds }) => eventIds.length > 0).map(({ after }) => after)).toEqual([12, 500, 4]);
  });

  test('are read a bounded number at a time, to the end', async () => {
    const { windows, queries } = windowsLogs({
      'dc1.corp.example': Array.from({ length: 2_500 }, (_, i) => ticket(i + 1, 5)),
    });
    const run = reading(controller, { arriving: [], windows });
    expect(await run.run()).toMatchObject({ state: 'done', records: 2_500 });
    expect(Math.max(...queries.map(({ most }) => most))).toBeLessThanOrEqual(1_000);
  });

  test('that a full log wrote over are said with their number and times', async () => {
    const log = [ticket(100, 60)];
    const run = reading(controller, { arriving: [], windows: windowsLogs({ 'dc1.corp.example': log }).windows });
    await run.run();
    log.splice(0, 1, ticket(151, 20), ticket(152, 10));
    const { caveats } = await run.run();
    const [caveat] = caveats;
    expect(caveat).toMatchObject({ code: 'event-log-wrapped' });
    expect(caveat?.advice).toContain('up to 50 events');
    expect(caveat?.advice).toContain(ago(60).slice(0, 16).replace('T', ' '));
    expect(caveat?.advice).toContain(ago(20).slice(0, 16).replace('T', ' '));
    expect(recordsOf(run)).toEqual([100, 151, 152]);
    // Not a second time, and not forgotten.
    expect((await run.run()).caveats).toHaveLength(1);
  });

  test('of a log that was cleared are read from its new beginning, and who cleared it is said once', async () => {
    const log = [ticket(100, 60)];
    const run = reading(controller, { arriving: [], windows: windowsLogs({ 'dc1.corp.example': log }).windows });
    await run.run();
    const clearing = { recordId: 1, eventId: 1102, at: ago(20), data: { SubjectUserName: 'mallory' } };
    log.splice(0, 1, clearing, ticket(2, 10));
    const { caveats } = await run.run();
    expect(caveats).toHaveLength(1);
    expect(caveats[0]?.advice).toContain('mallory');
    expect(recordsOf(run)).toEqual([100, 1, 2]);
  });

  test('of one machine that is away are said, and the others are read', async () => {
    const away = new Fault('unreachable', 'dc2.corp.example did not answer.');
    const { windows } = windowsLogs({ 'dc1.corp.example': [ticket(1, 1)] }, { 'dc2.corp.example': away });
    const run = reading(controller, { arriving: [], windows });
    const { caveats, state } = await run.run();
    expect({ state, caveats }).toMatchObject({ state: 'done', caveats: [{ code: 'events-unread' }] });
    expect(caveats[0]?.advice).toContain('dc2.corp.example');
    expect(recordsOf(run)).toEqual([1]);
  });

  test('are forbidden where no log may be read', async () => {
    const no = new Fault('forbidden', 'Make the account a member of Event Log Readers.');
    const { windows } = windowsLogs({}, { 'dc1.corp.example': no, 'dc2.corp.example': no, 'ca.corp.example': no });
    expect((await reading(controller, { arriving: [], windows }).run()).fault).toMatchObject({ kind: 'forbidden' });
  });
});
